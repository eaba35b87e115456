"""A file that a button of a page gives."""

from playwright.sync_api import TimeoutError as Late

IDLE = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
AGAIN = 10_000  # milliseconds until a person would click once more


def downloaded(page, name):
    """Click a button when the page has come to rest, and once more if a very busy one has lost the click."""
    button = page.get_by_role("button", name=name, exact=True)
    button.wait_for()
    page.wait_for_selector(IDLE)
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    try:
        with page.expect_download(timeout=AGAIN) as started:
            button.click()
    except Late:
        with page.expect_download() as started:
            button.click()
    return started.value
