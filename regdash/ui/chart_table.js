// The numbers that a card shows, as an accessible table: one row for every mark, lines hidden in the legend left out.

const MOST_ROWS = 200;
const TABLE_KEYS = ["panel", "series", "label", "x", "y", "value", "more", "low", "high"];

function toggleTable(card) {
  const place = card.find("table");
  place.hidden = !place.hidden;
  card.find("data").setAttribute("aria-expanded", String(!place.hidden));
  fillTable(card);
}

function fillTable(card) {
  const place = card.find("table");
  if (place.hidden || !card.drawn) return;
  const { title } = card.layout.meta;
  place.setAttribute("aria-label", `Data of ${title}`);
  place.replaceChildren(...tableOf(title, rowsOf(card.gd)));
}

function tableOf(title, rows) {
  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const table = document.createElement("table");
  const keys = TABLE_KEYS.filter((key) => rows.some((row) => (row[key] ?? "") !== ""));
  table.append(element("caption", title));
  const head = table.createTHead().insertRow();
  for (const key of keys) head.append(Object.assign(element("th", rows.names?.[key] ?? key), { scope: "col" }));
  const body = table.createTBody();
  for (const row of rows.slice(0, MOST_ROWS)) {
    const line = body.insertRow();
    for (const key of keys) line.insertCell().textContent = written(row[key]);
  }
  if (!rows.length) return [element("p", "Nothing is drawn yet.")];
  if (rows.length <= MOST_ROWS) return [table];
  return [table, element("p", `The first ${MOST_ROWS} of ${rows.length} rows. Export gives all of them.`)];
}

function written(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "";
  return value ?? "";
}

function rowsOf(gd) {
  const shown = gd._fullData.filter((trace) => trace.visible === true);
  const many = new Set(shown.map((trace) => `${trace.xaxis} ${trace.yaxis}`)).size > 1;
  const bands = new Map(shown.filter(isBand).map((trace) => [placeOf(trace), endsOf(trace)]));
  const rows = shown.filter((trace) => !isBand(trace)).flatMap((trace) => marksOf(gd, trace, bands, many));
  const first = (side) => axisOf(gd, shown[0] ?? {}, side).title;
  const word = (text) => (!many && /^\w+$/.test(text) ? text : undefined);
  const meta = shown.find((trace) => trace.meta)?.meta ?? {};
  rows.names = { x: word(first("x")), y: word(first("y")), value: meta.z, more: meta.customdata };
  return rows;
}

function placeOf(trace) {
  return `${trace.name} ${trace.xaxis} ${trace.yaxis}`;
}

function isBand(trace) {
  const x = trace.x ?? [];
  return trace.fill === "toself" && trace.line?.width === 0 && x.length % 2 === 0 && x[0] === x[x.length - 1];
}

function endsOf(trace) {
  const half = trace.x.length / 2;
  const ends = new Map();
  for (let k = 0; k < half; k += 1) ends.set(trace.x[k], [trace.y[trace.y.length - 1 - k], trace.y[k]]);
  return ends;
}

function marksOf(gd, trace, bands, many) {
  if (trace.mode === "text") return [];
  const [x, y] = [axisOf(gd, trace, "x"), axisOf(gd, trace, "y")];
  const shared = many ? { panel: x.title, series: plainWords(trace.name) } : { series: plainWords(trace.name) };
  if (trace.z) return cellsOf(trace, x, y, many ? { panel: x.title } : {});
  const ends = bands.get(placeOf(trace));
  const rows = [];
  for (let k = 0; k < (trace.x?.length ?? 0); k += 1) {
    if (trace.x[k] === null || trace.x[k] === undefined) continue;
    const label = Array.isArray(trace.text) ? plainWords(trace.text[k]) : undefined;
    const [low, high] = ends?.get(trace.x[k]) ?? barEnds(trace, k);
    rows.push({ ...shared, label, x: x.value(trace.x[k]), y: y.value(trace.y[k]), low, high });
  }
  return rows;
}

function barEnds(trace, k) {
  const side = trace.orientation === "h" ? "x" : "y";
  const up = trace[`error_${side}`]?.array?.[k];
  if (up === undefined || up === null) return [];
  const down = trace[`error_${side}`].arrayminus?.[k] ?? up;
  return [trace[side][k] - down, trace[side][k] + up];
}

function cellsOf(trace, x, y, shared) {
  const rows = [];
  [...trace.z].forEach((cells, row) => [...cells].forEach((value, column) => {
    const [across, up] = [trace.x?.[column] ?? column, trace.y?.[row] ?? row];
    if (value === null || value === undefined) return;
    const more = trace.meta?.customdata ? trace.customdata[row][column] : undefined;
    rows.push({ ...shared, x: x.value(across), y: y.value(up), value, more });
  }));
  return rows;
}

// What the places on an axis stand for: numbers, powers of ten, or the words at its ticks.
function axisOf(gd, trace, side) {
  const number = (trace[`${side}axis`] ?? side).slice(1);
  const axis = gd._fullLayout[`${side}axis${number}`] ?? {};
  const words = new Map((axis.tickvals ?? []).map((at, k) => [at, plainWords(axis.ticktext?.[k])]));
  (gd._fullLayout.meta?.words?.[side] ?? []).forEach((word, k) => words.set(k, plainWords(word)));
  const numbers = [...words].filter(([at, word]) => typeof at === "number" && word !== "" && Number.isFinite(Number(word)));
  const close = (one, other) => Math.abs(one - other) <= 0.02 * Math.abs(other) + 1e-12;
  const powers = numbers.length > 1 && numbers.every(([at, word]) => close(10 ** at, Number(word)));
  const same = numbers.length > 0 && numbers.every(([at, word]) => close(at, Number(word)));
  const value = (at) => {
    const word = words.get(at);
    if (word && !((powers || same) && Number.isFinite(Number(word)))) return word;
    if (typeof at === "string") return plainWords(at);
    return powers && typeof at === "number" ? 10 ** at : at;
  };
  return { title: plainWords(axis.title?.text ?? ""), value };
}

function plainWords(text) {
  const holder = document.createElement("textarea"); // reads entities and runs nothing
  holder.innerHTML = String(text ?? "").replaceAll("<br>", " ").replaceAll(/<\/?b>/g, "");
  return holder.value;
}
