"""Every page against the rules of WCAG 2.1 AA that axe-core can judge, by keyboard alone, and with less motion."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from regdash.ui.frame import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
STREAMLITS = {}
"""What is Streamlit's own and no style of ours can cure: rule -> (selector, reason)."""

JUDGED = """async ([rules, excused]) => (await axe.run(document, { runOnly: rules })).violations.flatMap(found =>
  found.nodes
    .filter(node => !excused[found.id] || !document.querySelector(node.target[0])?.closest(excused[found.id]))
    .map(node => `${found.id}: ${node.html.slice(0, 99)} (${[...node.any, ...node.all, ...node.none][0]?.message})`))"""
FOCUSED = """() => {
  const look = element => { const s = getComputedStyle(element);
    const outline = s.outlineStyle === 'none' ? '' : s.outline;
    return [outline, s.boxShadow, s.borderColor, s.backgroundColor, s.color].join(); };
  const left = window.focused;
  const unseen = left && left.element.isConnected && left.looks.every(([element, was]) => look(element) === was);
  const element = document.activeElement;
  const near = [element, ...element.querySelectorAll('*')];
  for (let at = element.parentElement, up = 0; at && up < 5; at = at.parentElement, up++) near.push(at);
  const name = `${element.tagName}.${element.className} ${element.getAttribute('aria-label') ?? element.innerText}`;
  window.focused = { element, looks: near.map(each => [each, look(each)]), name: name.slice(0, 120) };
  return [window.focused.name, unseen ? left.name : ''];
}"""
"""The name of what has the focus, and of what had it before if that looks now as it looked then."""

STANDS = """() => !document.querySelector('[data-stale="true"]') &&
  [...document.querySelectorAll('[data-testid=rd-state]')].every(state => state.dataset.state === 'done')"""
MOVING = """() => [
  ...document.getAnimations().filter(each => each.playState === 'running' &&
    each.effect.getComputedTiming().duration > 1).map(each => each.effect.target.outerHTML.slice(0, 120)),
  ...[...document.querySelectorAll('[class*=regdash-], [class*=rd-]')].filter(element =>
    getComputedStyle(element).transitionDuration.split(',').some(text => parseFloat(text) > 0.001))
    .map(element => element.className)]"""


def path_of(page):
    """The path of a page's address: nothing for app.py, search for pages/search.py."""
    return "" if page == "app.py" else Path(page).stem


@pytest.fixture
def calm(server, visit):
    """Open a page as somebody does who asked for less motion, and wait until it stands."""

    def opened(path, scheme="light"):
        page = visit("about:blank", 1280, 900)
        page.emulate_media(reduced_motion="reduce", color_scheme=scheme)
        page.goto(f"{server}/{path}")
        page.wait_for_selector(
            '[data-testid="stApp"][data-test-connection-state="CONNECTED"]:has([data-testid="stMainBlockContainer"])'
        )
        page.locator('[data-testid="stPageLink"], .st-key-embed').first.wait_for(timeout=30_000)
        page.wait_for_timeout(700)
        return page

    return opened


def judged(page):
    """What breaks a rule on a page, once its runs have ended and nothing fades any more."""
    page.wait_for_function(STANDS, timeout=120_000)
    page.wait_for_timeout(400)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    excused = {rule: selector for rule, (selector, _) in STREAMLITS.items()}
    return page.evaluate(JUDGED, [RULES, excused])


def open_everything(page):
    """Open all groups of controls, so that what is in them is judged too."""
    closed = '[data-testid="stExpander"] details:not([open]) > summary'
    page.evaluate("closed => document.querySelectorAll(closed).forEach(group => group.click())", closed)
    page.wait_for_timeout(300)


@pytest.mark.parametrize(
    ("path", "scheme"),
    [(path_of(page), "light") for page, _ in PAGES]
    + [("compare", "dark"), ("learn?lesson=l2-shrinks-l1-picks", "dark")]
    + [pytest.param(path, "dark", marks=pytest.mark.slow) for path in ("", "search", "runs")],
)
def test_no_page_breaks_a_rule(calm, path, scheme):
    page = calm(path, scheme)
    open_everything(page)
    assert judged(page) == []


def test_neither_an_embedded_page_nor_a_lesson_breaks_a_rule(calm):
    page = calm("?embed=true&controls=dropout.rate,data,seeds&lock=data&text=Look&verdict=on")
    assert judged(page) == []


def test_what_share_opens_breaks_no_rule_and_is_had_by_keyboard(calm):
    page = calm("?lock=data&hide=training&text=Look", "dark")
    share = page.get_by_test_id("stPopoverButton").filter(has_text="Share", visible=True)
    share.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Link", exact=True)).to_be_visible(timeout=20_000)
    page.get_by_role("tab", name="Link", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Chart", exact=True)).to_be_visible()
    assert judged(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("tab", name="Link", exact=True)).not_to_be_visible()


@pytest.mark.parametrize("path", ["", pytest.param("search", marks=pytest.mark.slow)])
def test_the_focus_is_seen_wherever_the_keyboard_takes_it(calm, path):
    page = calm(path)
    page.wait_for_function(STANDS, timeout=120_000)
    unseen, reached = [], []
    for _ in range(40):
        page.keyboard.press("Tab")
        page.wait_for_timeout(90)
        name, lost = page.evaluate(FOCUSED)
        reached.append(name)
        unseen += [lost] if lost else []
    assert unseen == []
    assert len(set(reached)) > 20


def test_every_chart_has_words_and_a_table_that_the_keyboard_opens(calm):
    page = calm("")
    page.locator(".regdash-card .js-plotly-plot").nth(3).wait_for()
    for card in page.locator(".regdash-card").all():
        plot = card.locator('[role="img"]')
        assert len(plot.get_attribute("aria-label")) > 10
        card.get_by_role("button", name="Data").first.wait_for()
    button = page.locator(".regdash-card").first.get_by_role("button", name="Data").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".regdash-card table").first).to_be_visible()
    assert judged(page) == []


def test_nothing_moves_for_those_who_asked_for_less_motion(calm):
    page = calm("")
    page.locator(".regdash-card .js-plotly-plot").nth(3).wait_for()
    assert page.evaluate(MOVING) == []
    assert page.locator(".regdash-play").first.inner_text() == "Play"  # the boundary does not begin by itself


def test_charts_keep_their_own_ground_where_the_visitor_forces_colours(calm):
    page = calm("")
    page.emulate_media(forced_colors="active")
    plot = page.locator(".regdash-plot").first
    plot.wait_for()
    assert plot.evaluate("e => getComputedStyle(e).forcedColorAdjust") == "none"
    assert plot.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
