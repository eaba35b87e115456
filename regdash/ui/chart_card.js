// A card with one Plotly figure that is updated in place: its node, its zoom and its legend choices stay.

const cards = new WeakMap();
const NARROW = 400; // px; below it a legend beside the plot goes back above it
const LEGEND = 60; // px it takes there
const EXPORT_FONT = "Arial, Helvetica, sans-serif"; // a picture cannot carry the page's own font

function newCard(parent) {
  const find = (name) => parent.querySelector(`.regdash-${name}`);
  const card = { parent, root: find("card"), gd: find("plot"), find, player: newPlayer(), drawing: false, waiting: null };
  find("png").onclick = () => download(card, "png");
  find("svg").onclick = () => download(card, "svg");
  find("data").onclick = () => toggleTable(card);
  find("export").onclick = () => card.tell("export", Date.now());
  find("reset").onclick = () => resetZoom(card);
  wirePlayer(card);
  card.bar = find("player");
  card.bar.remove();
  card.observer = new ResizeObserver(() => requestAnimationFrame(() => fit(card)));
  card.observer.observe(card.gd);
  return card;
}

function fit(card) {
  const width = card.gd.clientWidth;
  const shown = card.gd._fullLayout?.width; // nothing while Plotly begins anew
  if (!card.drawn || card.drawing || card.gone || !width || !shown || Math.abs(width - shown) < 1) return;
  card.Plotly.Plots.resize(card.gd);
}

function describe(card, data, meta) {
  card.data = data;
  card.root.dataset.chart = meta.name;
  card.find("title").textContent = meta.title;
  card.gd.setAttribute("aria-label", data.alt || meta.title);
  for (const format of ["png", "svg"]) {
    card.find(format).setAttribute("aria-label", `Download ${meta.title} as ${format.toUpperCase()}`);
  }
  card.find("data").setAttribute("aria-label", `Data of ${meta.title} as a table`);
  card.find("export").setAttribute("aria-label", `Export ${meta.title}`);
  card.find("export").hidden = !data.export;
  card.find("reset").setAttribute("aria-label", `Reset zoom of ${meta.title}`);
}

// Updates that arrive while one is being drawn are not queued: only the newest is drawn next.
async function update(card, data) {
  card.waiting = data;
  if (card.drawing) return;
  card.drawing = true;
  try {
    while (card.waiting && !card.gone) {
      const next = card.waiting;
      card.waiting = null;
      await draw(card, next);
    }
  } finally {
    card.drawing = false;
    if (card.gone) end(card);
  }
}

// The next card finds everything in the parent as this one found it.
function end(card) {
  if (card.drawn) card.Plotly.purge(card.gd);
  card.root.append(card.bar);
  cards.delete(card.parent);
}

async function draw(card, data) {
  const { figure } = data;
  describe(card, data, figure.layout.meta);
  try {
    card.Plotly = await loadPlotly(data.source);
  } catch {
    showProblem(card, "The charts cannot be drawn because plotly.min.js could not be loaded from this server.");
    return;
  }
  showProblem(card, "");
  if (data.player) readFrames(card, data.player);
  else pause(card); // another chart stands in this card
  if (!data.player) card.bar.remove();
  else if (!card.bar.isConnected) card.root.append(card.bar);
  if (data.player && card.player.epochs.length) figure.data[0].z = currentFrame(card.player);
  if (window.matchMedia("(pointer: coarse)").matches) figure.layout.dragmode = false; // leave the finger to scrolling
  const height = makeRoom(card, data, figure.layout);
  if (card.layout && card.layout.uirevision !== figure.layout.uirevision) card.find("reset").hidden = true;
  card.find("tools").hidden = !figure.data.length;
  for (const trace of figure.data) if (trace.uid) trace.uid = CSS.escape(trace.uid); // Plotly makes a selector of it
  card.layout = structuredClone(figure.layout); // Plotly writes zoom into the one it is given
  await card.Plotly.react(card.gd, figure.data, { ...figure.layout, autosize: true, height }, {
    displayModeBar: false,
    responsive: false,
    showTips: false,
  });
  if (!card.drawn) {
    card.gd.on("plotly_relayout", (change) => noticeZoom(card, change));
    card.gd.on("plotly_restyle", () => fillTable(card)); // the legend shows and hides lines
    card.gd.on("plotly_click", (event) => tellClick(card, event));
    card.gd.on("plotly_selected", (event) => tellBox(card, event));
  }
  card.root.classList.toggle("regdash-clicks", Boolean(data.clicks));
  card.drawn = true;
  fillTable(card);
  if (data.player) showPlayer(card);
}

// What a mark carries goes back to the page: the numbers of the trials behind it.
function tellClick(card, event) {
  const carried = event.points?.[0]?.customdata;
  if (card.data.clicks && carried !== undefined && carried !== null) card.tell("clicked", [carried].flat());
}

// The box that was drawn over a chart: from x[0] to x[1] and y[0] to y[1].
function tellBox(card, event) {
  const { x, y } = event?.range ?? {};
  if (card.data.clicks && x && y) card.tell("boxed", [...x, ...y]);
}

// The controls of the player are part of the height, so that cards in one row end alike.
function makeRoom(card, data, layout) {
  let height = data.height - card.bar.offsetHeight;
  if (card.gd.clientWidth < NARROW && layout.legend?.orientation === "v") {
    delete layout.legend;
    height += LEGEND;
  }
  card.gd.style.height = `${height}px`;
  return height;
}

function showProblem(card, sentence) {
  const note = card.find("problem");
  note.textContent = sentence;
  note.hidden = !sentence;
}

function noticeZoom(card, change) {
  const keys = Object.keys(change);
  if (keys.some((key) => key.includes(".range"))) card.find("reset").hidden = false;
  if (keys.some((key) => key.endsWith(".autorange"))) card.find("reset").hidden = true;
}

function resetZoom(card) {
  const change = {};
  for (const axis of Object.keys(card.gd._fullLayout).filter((key) => /^[xy]axis\d*$/.test(key))) {
    const range = card.layout[axis]?.range;
    if (range) change[`${axis}.range`] = [...range];
    else change[`${axis}.autorange`] = card.layout[axis]?.autorange ?? true;
  }
  card.Plotly.relayout(card.gd, change).then(() => { card.find("reset").hidden = true; });
}

function download(card, format) {
  if (!card.drawn) return;
  const { title, name } = card.layout.meta;
  const layout = {
    ...card.gd.layout,
    font: { family: EXPORT_FONT },
    title: { text: title, subtitle: { text: card.data.caption }, x: 0.02, xanchor: "left", y: 0.97, yanchor: "top" },
    paper_bgcolor: card.data.paper,
    plot_bgcolor: card.data.paper,
    margin: { l: 64, r: 24, t: 84, b: 56 },
  };
  const size = { width: 900, height: 540, scale: format === "png" ? 2 : 1 };
  const data = card.gd.data.map((trace) => (trace.visible === "legendonly" ? { ...trace, visible: false } : trace));
  card.Plotly.downloadImage({ data, layout }, { format, filename: `regdash-${name}`, ...size });
}

// A card taken away while it is being drawn ends when that is done, unless it has come back by then.
export default function (component) {
  const { parentElement } = component;
  const data = JSON.parse(new TextDecoder().decode(component.data)); // anew each time: Plotly writes into what it is given
  let card = cards.get(parentElement);
  if (!card) {
    cards.set(parentElement, (card = newCard(parentElement)));
  } else if (card.gone) {
    card.gone = false;
    card.observer.observe(card.gd);
  }
  card.tell = component.setTriggerValue;
  update(card, data);
  return () => {
    pause(card);
    card.observer.disconnect();
    card.gone = true;
    if (!card.drawing) end(card);
  };
}
