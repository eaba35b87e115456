// A curve sketched by three points: the first and the last move up and down, the middle one also to the sides.

const SVG = "http://www.w3.org/2000/svg";
const EDGE = { left: 58, right: 22, top: 30, bottom: 44 };
const NAMES = ["Beginning of the curve", "Middle of the curve", "End of the curve"];
const HINT = "Drag the three points, or go to them with Tab and use the arrow keys.";
const APART = 0.02; // share of the width that the middle point keeps from the others
const STEPS = 50; // arrow keys from the bottom to the top
const WAIT = 300; // ms after the last key until the sketch is sent
const pads = new WeakMap();

function element(name, facts, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

function newPad(parent) {
  const find = (name) => parent.querySelector(`.regdash-sketch-${name}`);
  const pad = { box: find("box"), axes: find("axes"), curve: find("curve"), hint: find("hint"), handles: [], points: null };
  find("points").replaceChildren();
  for (let place = 0; place < 3; place += 1) {
    const handle = element("g", {}, find("points"));
    element("circle", { class: "hold", r: 22 }, handle);
    element("circle", { class: "ring", r: 14 }, handle);
    element("circle", { class: "dot", r: 8 }, handle);
    element("text", {}, handle);
    handle.onpointerdown = (event) => grab(pad, event);
    handle.onpointermove = (event) => drag(pad, place, event);
    handle.onpointerup = handle.onpointercancel = () => release(pad);
    handle.onkeydown = (event) => press(pad, place, event);
    handle.onblur = () => flush(pad);
    pad.handles.push(handle);
  }
  pad.observer = new ResizeObserver(() => requestAnimationFrame(() => paint(pad)));
  return pad;
}

// Where a point stands in the box, and back again.
function frame(pad) {
  const width = pad.box.clientWidth - EDGE.left - EDGE.right;
  const height = pad.box.clientHeight - EDGE.top - EDGE.bottom;
  const { low, high } = pad.data;
  return {
    width,
    height,
    x: (share) => EDGE.left + share * width,
    y: (value) => EDGE.top + (1 - (value - low) / (high - low)) * height,
    share: (x) => (x - EDGE.left) / width,
    value: (y) => low + (1 - (y - EDGE.top) / height) * (high - low),
  };
}

function grab(pad, event) {
  if (pad.data.locked || (event.button ?? 0) !== 0) return;
  event.preventDefault();
  const at = frame(pad);
  const place = nearest(pad, at, event);
  const handle = pad.handles[place];
  handle.focus({ preventScroll: true });
  handle.setPointerCapture(event.pointerId);
  const [x, y] = pad.points[place];
  pad.held = { place, dx: at.x(x) - event.clientX, dy: at.y(y) - event.clientY };
}

// Points may lie so close together that the one on top covers the one that is meant.
function nearest(pad, at, event) {
  const box = pad.box.getBoundingClientRect();
  const far = pad.points.map(([x, y]) => Math.hypot(at.x(x) + box.left - event.clientX, at.y(y) + box.top - event.clientY));
  return far.indexOf(Math.min(...far));
}

function drag(pad, place, event) {
  if (pad.held?.place !== place) return;
  const at = frame(pad);
  move(pad, place, at.share(event.clientX + pad.held.dx), at.value(event.clientY + pad.held.dy));
}

function release(pad) {
  if (!pad.held) return;
  pad.held = null;
  pad.moved = true; // a point that was only pressed is meant as it stands
  flush(pad);
}

function press(pad, place, event) {
  if (pad.data.locked) return;
  const { low, high } = pad.data;
  const [x, y] = pad.points[place];
  const step = (high - low) / STEPS;
  const aside = place === 1 ? { ArrowLeft: -APART, ArrowRight: APART } : {};
  const up = { ArrowUp: step, ArrowDown: -step, PageUp: 5 * step, PageDown: -5 * step, Home: low - y, End: high - y };
  if (place !== 1) Object.assign(up, { ArrowLeft: -step, ArrowRight: step });
  if (!(event.key in up) && !(event.key in aside)) return;
  event.preventDefault();
  move(pad, place, x + (aside[event.key] ?? 0), y + (up[event.key] ?? 0));
  pad.moved = true;
  clearTimeout(pad.waiting);
  pad.waiting = setTimeout(() => flush(pad), WAIT);
}

function move(pad, place, x, y) {
  const { low, high } = pad.data;
  const within = (value, least, most) => Math.min(most, Math.max(least, value));
  const share = place === 1 ? within(Math.round(x * 1000) / 1000, APART, 1 - APART) : place / 2;
  const height = Math.round(((y - low) / (high - low)) * 1000) / 1000;
  pad.points[place] = [share, within(Number((low + height * (high - low)).toPrecision(6)), low, high)];
  paint(pad);
}

// Send the three points, once after a drag or a row of keys.
function flush(pad) {
  clearTimeout(pad.waiting);
  if (!pad.moved) return;
  pad.moved = false;
  pad.tell("points", structuredClone(pad.points));
}

// The slopes at the three points; sketch_curve.py says which.
function slopes([[x0, y0], [x1, y1], [x2, y2]]) {
  const [before, after] = [x1 - x0, x2 - x1];
  const [left, right] = [(y1 - y0) / before, (y2 - y1) / after];
  const [first, second] = [2 * after + before, after + 2 * before];
  const middle = left * right > 0 ? (first + second) / (first / left + second / right) : 0;
  return [end(before, after, left, right), middle, end(after, before, right, left)];
}

function end(near, far, chord, other) {
  const slope = ((2 * near + far) * chord - near * other) / (near + far);
  if (slope * chord <= 0) return 0;
  return chord * other <= 0 && Math.abs(slope) > 3 * Math.abs(chord) ? 3 * chord : slope;
}

// Each piece is a cubic over equal steps of x, which is a Bezier curve with its inner points at thirds.
function curvePath(points, at) {
  const found = slopes(points);
  const spot = (x, y) => `${at.x(x).toFixed(2)} ${at.y(y).toFixed(2)}`;
  let path = `M${spot(...points[0])}`;
  for (let k = 0; k < 2; k += 1) {
    const [[x0, y0], [x1, y1]] = [points[k], points[k + 1]];
    const third = (x1 - x0) / 3;
    path += `C${spot(x0 + third, y0 + third * found[k])} ${spot(x1 - third, y1 - third * found[k + 1])} ${spot(x1, y1)}`;
  }
  return path;
}

function paint(pad) {
  if (!pad.points || !pad.box.clientWidth) return;
  const at = frame(pad);
  pad.box.setAttribute("viewBox", `0 0 ${pad.box.clientWidth} ${pad.box.clientHeight}`);
  pad.curve.setAttribute("d", curvePath(pad.points, at));
  pad.handles.forEach((handle, place) => {
    const [x, y] = pad.points[place];
    handle.setAttribute("transform", `translate(${at.x(x)} ${at.y(y)})`);
    const label = handle.querySelector("text");
    label.textContent = written(y);
    label.setAttribute("x", place === 0 ? 3 : 0); // beside the numbers of the axis
    label.setAttribute("text-anchor", place === 0 ? "start" : "middle");
    label.setAttribute("y", at.y(y) < EDGE.top + 10 ? 30 : -19);
    describe(pad, handle, place, x, y);
  });
  paintAxes(pad, at);
}

function describe(pad, handle, place, x, y) {
  const { low, high, label, locked } = pad.data;
  const facts = {
    role: "slider",
    tabindex: 0,
    "aria-label": NAMES[place],
    "aria-orientation": "vertical",
    "aria-valuemin": low,
    "aria-valuemax": high,
    "aria-valuenow": y,
    "aria-valuetext": `${label} ${written(y)} ${whereSaid(pad, x)}`,
  };
  for (const [name, value] of Object.entries(facts)) {
    if (locked) handle.removeAttribute(name);
    else handle.setAttribute(name, value);
  }
}

function whereSaid(pad, x) {
  const { epochs } = pad.data;
  return epochs > 1 ? `at epoch ${Math.round(1 + x * (epochs - 1))}` : `after ${Math.round(100 * x)} % of the epochs`;
}

function show(pad, data) {
  const fresh = !pad.points || pad.data.locked !== data.locked || pad.data.low !== data.low || pad.data.high !== data.high;
  pad.data = data;
  const level = (data.low + data.high) / 2;
  if (fresh) pad.points = data.points ? structuredClone(data.points) : [[0, level], [0.5, level], [1, level]];
  pad.hint.textContent = data.locked ? "" : HINT;
  const drawn = pad.points.map(([x, y]) => `${written(y)} ${whereSaid(pad, x)}`).join(", ");
  pad.box.setAttribute("aria-label", data.locked ? `Your sketch of the ${data.label}: ${drawn}` : `Sketch of the ${data.label}`);
  pad.box.setAttribute("role", data.locked ? "img" : "group");
  paint(pad);
}

// Streamlit also ends a drawing that a newer one has overtaken: what is still on the page keeps its points.
export default function (component) {
  const { parentElement } = component;
  let pad = pads.get(parentElement);
  if (!pad || !parentElement.contains(pad.box)) pads.set(parentElement, (pad = newPad(parentElement)));
  pad.observer.observe(pad.box);
  pad.tell = component.setStateValue;
  show(pad, component.data);
  return () => {
    if (parentElement.isConnected) return;
    clearTimeout(pad.waiting);
    pad.observer.disconnect();
  };
}
