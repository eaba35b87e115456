// The figure as it will stand in the file, made smaller where it does not fit; the browser can also draw the file itself.

async function preview(component) {
  const { parentElement } = component;
  const data = JSON.parse(new TextDecoder().decode(component.data));
  const find = (name) => parentElement.querySelector(`.regdash-preview-${name}`);
  const [frame, sheet, save] = [find("frame"), find("sheet"), find("save")];
  const { width, height } = data.figure.layout;
  sheet.setAttribute("aria-label", data.alt);
  Object.assign(sheet.style, { width: `${width}px`, height: `${height}px` });
  save.hidden = !data.save;
  try {
    const Plotly = await loadPlotly(data.source);
    await Plotly.react(sheet, data.figure.data, data.figure.layout, { staticPlot: true });
    const scale = Math.min(1, frame.clientWidth / width);
    sheet.style.transform = `scale(${scale})`;
    frame.style.height = `${Math.ceil(height * scale)}px`;
    if (!data.save) return;
    const { label, format, scale: sharp, filename } = data.save;
    save.textContent = label;
    save.onclick = () => Plotly.downloadImage(
      { data: structuredClone(data.figure.data), layout: structuredClone(data.figure.layout) },
      { format, width, height, scale: sharp, filename },
    );
  } catch {
    find("problem").textContent = "The preview cannot be drawn because plotly.min.js could not be loaded from this server.";
  }
}

export default function (component) {
  preview(component);
}
