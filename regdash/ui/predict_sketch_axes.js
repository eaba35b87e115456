// The axes of the box in which a curve is sketched, with round numbers.

function paintAxes(pad, at) {
  const { low, high, epochs, label } = pad.data;
  const [left, right, top, bottom] = [at.x(0), at.x(1), EDGE.top, EDGE.top + at.height];
  const nodes = document.createDocumentFragment();
  const line = (x1, y1, x2, y2) => element("line", { x1, y1, x2, y2 }, nodes);
  const text = (x, y, words, anchor, more = {}) => {
    element("text", { x, y, "text-anchor": anchor, ...more }, nodes).textContent = words;
  };
  for (const value of ticks(low, high, 6)) {
    line(left - 4, at.y(value), right, at.y(value));
    text(left - 13, at.y(value) + 4, written(value), "end");
  }
  const [first, last] = epochs > 1 ? [1, epochs] : [0, 100];
  const stops = ticks(first, last, at.width < 360 ? 4 : 8);
  if (stops[0] - first > 0.05 * (last - first)) stops.unshift(first);
  for (const value of stops) {
    const x = at.x((value - first) / (last - first));
    line(x, bottom, x, bottom + 4);
    text(x, bottom + 18, written(value), "middle");
  }
  line(left, top, left, bottom);
  line(left, bottom, right, bottom);
  text((left + right) / 2, bottom + 38, epochs > 1 ? "epoch" : "share of the epochs (%)", "middle");
  const middle = (top + bottom) / 2;
  text(14, middle, label, "middle", { transform: `rotate(-90 14 ${middle})` });
  pad.axes.replaceChildren(nodes);
}

// About so many round numbers within a range.
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) found.push(k * step);
  return found;
}

function written(value) {
  return String(Number(value.toPrecision(3)));
}
