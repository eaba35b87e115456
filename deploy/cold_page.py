"""Count what a browser with an empty cache fetches for a page, to see what a proxy in front of it saves.

.venv/bin/python deploy/cold_page.py http://127.0.0.1:8501/ [address ...]
"""

import os
import shutil
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, sync_playwright


@dataclass(frozen=True)
class Cold:
    """What came over the wire: answers, bytes with and without compression, seconds until the charts stand."""

    requests: int
    wire: int
    plain: int
    seconds: float
    encodings: dict[str, int]
    problems: tuple[str, ...]


def cold(browser: Browser, address: str) -> Cold:
    """Open the page in a fresh context, wait for its first chart, and add up what was fetched."""
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    wire, plain, encodings, said = [], [], Counter[str](), []
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")

    def answered(event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        encodings[headers.get("content-encoding", "none")] += 1

    devtools.on("Network.responseReceived", answered)
    devtools.on("Network.loadingFinished", lambda event: wire.append(int(event["encodedDataLength"])))
    devtools.on("Network.dataReceived", lambda event: plain.append(int(event["dataLength"])))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".js-plotly-plot .main-svg", timeout=60_000)
    seconds = time.perf_counter() - begun
    page.wait_for_load_state("networkidle")
    context.close()
    return Cold(len(wire), sum(wire), sum(plain), seconds, dict(encodings), tuple(said))


def main() -> None:
    """Print one line for each address."""
    chromium = os.environ.get("REGDASH_CHROMIUM") or shutil.which("chromium") or None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for address in sys.argv[1:]:
            found = cold(browser, address)
            print(
                f"{address}: {found.requests} answers, {found.wire / 1e6:.2f} MB over the wire, "
                f"{found.plain / 1e6:.2f} MB of content, first chart after {found.seconds:.1f} s; {found.encodings}"
            )
            for problem in found.problems:
                print(f"  the page said: {problem}")
        browser.close()


if __name__ == "__main__":
    main()
