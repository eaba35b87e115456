"""A teacher and two pupils, each in a browser of their own, on the real server with the real engine."""

import io
import re
import zipfile

import pytest
from downloading import downloaded
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WARM = 120_000  # milliseconds: the first run waits for TensorFlow on a busy machine
SOON = 20_000
DOTS = """() => document.querySelector('[data-chart=room] .js-plotly-plot')?.calcdata
    .filter(points => points[0].trace.name !== 'best setting').flat().length ?? 0"""


def open_room(visit, server, title):
    """Open a room as a teacher who locks the epochs; the page and the link for pupils."""
    teacher = visit(f"{server}/class?l2.l2=0.001")
    teacher.get_by_role("textbox", name="Title").fill(title)
    lock = teacher.get_by_role("combobox", name="Lock")
    lock.click()
    lock.press_sequentially("Epochs (training)")
    teacher.get_by_role("option", name="Epochs (training)").click()
    teacher.keyboard.press("Escape")
    teacher.get_by_role("button", name="Open room").click()
    expect(teacher.get_by_test_id("rd-room-title")).to_have_text(title, timeout=SOON)
    expect(teacher.locator(".st-key-room-actions")).to_contain_text("Locked: Epochs (training).")
    return teacher, teacher.get_by_test_id("stCode").locator("code").inner_text().strip()


def join(visit, link, name, **size):
    pupil = visit(link, **size)
    pupil.get_by_role("textbox", name="Nickname").fill(name)
    pupil.get_by_role("button", name="Join", exact=True).click()
    expect(pupil.get_by_role("button", name="Start the lesson")).to_be_visible(timeout=SOON)
    return pupil


def train(pupil, presses):
    """Start the lesson, move the dropout slider, and go back to the class when the run has ended."""
    pupil.get_by_role("button", name="Start the lesson").click()
    expect(pupil.get_by_test_id("rd-state")).to_have_attribute("data-state", "done", timeout=WARM)
    slider = pupil.get_by_role("slider", name=re.compile("^Dropout"))
    for _ in range(presses):
        slider.focus()
        slider.press("ArrowRight")
    expect(pupil).to_have_url(re.compile(rf"dropout.rate={presses * 0.05:g}\b"))
    expect(pupil.get_by_test_id("rd-state")).to_have_attribute("data-state", "done", timeout=SOON)


def to_class(pupil):
    pupil.get_by_role("link", name="To the class page").click()
    expect(pupil.get_by_test_id("rd-counted")).to_be_visible(timeout=SOON)


def test_a_class_from_the_open_door_to_the_deleted_room(server, visit):
    teacher, link = open_room(visit, server, "Class 9b & co")
    assert link.startswith(f"{server}/class?room=")
    ada, bob = join(visit, link, "Ada"), join(visit, link, "Bob", width=390, height=844)

    train(ada, 1)
    ada.get_by_text("Training", exact=True).click()
    expect(ada.locator(".st-key-training-epochs input")).to_be_disabled()
    expect(ada.get_by_test_id("rd-room")).to_contain_text("Class 9b & co – you are Ada.")
    bob.get_by_role("button", name="Start the lesson").click()
    expect(bob.get_by_test_id("rd-state")).to_have_attribute("data-state", "done", timeout=WARM)

    to_class(ada)
    expect(ada.get_by_test_id("rd-counted")).to_contain_text(re.compile(r"\d results from 2 pupils"), timeout=SOON)
    ada.wait_for_function(f"() => ({DOTS})() >= 3", timeout=SOON)
    expect(teacher.get_by_test_id("rd-pupils")).to_contain_text("2 pupils", timeout=SOON)
    teacher.wait_for_function(f"() => ({DOTS})() >= 3", timeout=SOON)
    assert bob.evaluate("document.documentElement.scrollWidth") <= 390

    archive = zipfile.ZipFile(io.BytesIO(downloaded(teacher, "Export").path().read_bytes()))
    table = archive.read("results.csv").decode()
    assert {line.partition(",")[0] for line in table.splitlines()[1:]} == {"Ada", "Bob"}

    teacher.get_by_role("button", name="Manage").click()
    teacher.get_by_role("combobox", name="Take out of the class").click()
    teacher.get_by_role("option", name="Bob").click()
    teacher.get_by_role("button", name="Remove", exact=True).click()
    expect(teacher.get_by_test_id("rd-pupils")).to_contain_text("1 pupil", timeout=SOON)
    expect(ada.get_by_test_id("rd-counted")).to_contain_text("from 1 pupil.", timeout=SOON)
    teacher.keyboard.press("Escape")

    teacher.get_by_role("button", name="Delete", exact=True).click()
    teacher.get_by_role("button", name="Delete this room for good").click()
    expect(teacher.get_by_role("heading", name="Open a room")).to_be_visible(timeout=SOON)
    expect(ada.get_by_role("heading", name="Join a class")).to_be_visible(timeout=SOON)


def test_a_browser_with_another_cookie_sees_nothing_of_a_room_and_its_own_cookie_is_out_of_reach(server, visit):
    teacher, _ = open_room(visit, server, "Secret class")
    code = teacher.get_by_test_id("rd-code").inner_text()
    stranger = visit(f"{server}/class")
    expect(stranger.get_by_role("heading", name="Join a class")).to_be_visible(timeout=SOON)
    assert "Secret class" not in stranger.content()
    assert code not in stranger.content()
    assert "regdash_visitor" not in stranger.evaluate("document.cookie")
    (cookie,) = (each for each in teacher.context.cookies() if each["name"] == "regdash_visitor")
    assert cookie["httpOnly"]
    for value in (cookie["value"][:-1], cookie["value"][::-1], "a-" + "0" * 20):
        stranger.context.add_cookies([{"name": "regdash_visitor", "value": value, "url": server}])
        stranger.reload()
        expect(stranger.get_by_role("heading", name="Join a class")).to_be_visible(timeout=SOON)
        assert "Secret class" not in stranger.content()
    teacher.reload()
    expect(teacher.get_by_test_id("rd-room-title")).to_have_text("Secret class", timeout=SOON)


@pytest.mark.slow
def test_a_tab_that_moves_on_does_not_end_what_another_tab_of_the_browser_shows(server, visit):
    long = "training.epochs=2000&network.widths=256-256&training.batch_size=8&data.samples=5000&training.seed=77"
    one = visit(f"{server}/?{long}")
    one.get_by_role("button", name="Train", exact=True).click(timeout=WARM)
    expect(one.get_by_test_id("rd-state")).to_contain_text(re.compile(r"epoch [1-9]\d* of 2000"), timeout=WARM)
    two = one.context.new_page()
    two.goto(f"{server}/?{long}")
    expect(two.get_by_test_id("rd-state")).to_contain_text(re.compile(r"epoch [1-9]\d* of 2000"), timeout=SOON)
    two.get_by_role("button", name="Overfit on purpose").click()
    expect(two.get_by_test_id("rd-state")).to_have_attribute("data-state", "done", timeout=WARM)
    expect(one.get_by_test_id("rd-state")).to_have_attribute("data-state", "running")
    two.close()
    one.get_by_role("button", name="Cancel").click()
    expect(one.get_by_test_id("rd-state")).to_have_attribute("data-state", "done", timeout=SOON)
