// Plotly is loaded once for all charts of a page, from this server.

function loadPlotly(source) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  window.regdashPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("no Plotly in the script")));
    script.onerror = () => reject(new Error("the script could not be loaded"));
    document.head.appendChild(script);
  }).catch((error) => {
    window.regdashPlotly = undefined; // the next update tries again
    throw error;
  });
  return window.regdashPlotly;
}
