"""Put plotly.min.js where the dashboard serves it, for installations whose files cannot be written later."""

from regdash.settings import site
from regdash.ui.plotly_js import ensure_plotly_js

if __name__ == "__main__":
    print(ensure_plotly_js(site() / "static"))
