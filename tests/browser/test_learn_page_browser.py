"""Lessons in a real browser on the real engine: read to the end, gone on from, brought as a file, and hostile ones."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WARM = 120_000  # milliseconds: the first run waits for TensorFlow on a busy machine
SOON = 30_000
LESSON = """---
title: Small & quick
question: How large do the weights become?
level: beginner
minutes: 2
seeds: 2
experiments:
  plain:
    label: no penalty
    training: {epochs: 10}
  decayed:
    label: with L2
    from: plain
    regularizers: {l2: {l2: 0.01}}
predictions:
  norm:
    ask: How large is the weight norm with L2?
    number: norm(decayed)
    low: 0
    high: 20
    step: 1
claims:
  - norm(decayed) < norm(plain) in 5 of 5 seeds
controls:
  shown: [l2.l2]
  locked: [data]
further:
  - {say: Move it, train: decayed, against: plain}
---
Before.

{{predict: norm}}

After: {{value: norm(decayed)}}.

{{compare: plain, decayed; chart=norms}}
"""
HOSTILE = """---
title: "<script>alert(1)</script> [a](javascript:alert(2))"
question: "<img src=x onerror=alert(3)>"
level: beginner
minutes: 2
seeds: 1
experiments:
  plain:
    label: "<img src=x onerror=alert(4)>"
    training: {epochs: 5}
predictions:
  which:
    ask: "<img src=x onerror=alert(5)> ![x](https://example.org/a.png) [b](javascript:alert(6))"
    choices:
      - text: "<img src=x onerror=alert(7)>"
        when: val_loss(plain) > 0
      - text: "[c](javascript:alert(8)) ![y](https://example.org/b.png)"
        when: otherwise
claims:
  - val_loss(plain) > 0
further:
  - {say: "<img src=x onerror=alert(9)>", train: plain}
sources: ["<script>alert(10)</script>", "[d](javascript:alert(11))"]
---
\\`[e](javascript:alert(12))\\` and \\$[f](javascript:alert(13))\\$ and \\`<img src=x onerror=alert(14)>\\`

{{predict: which}}

`<script>alert(15)</script>` and $\\href{javascript:alert(16)}{g}$ and $\\includegraphics{https://example.org/c.png}$

{{compare: plain; title=<img src=x onerror=alert(17)>}}
"""
FOREIGN = """() => [...document.querySelectorAll(
  ".st-key-learn :is(img, iframe, object, embed, script, [onerror], [onload])")]
  .map(each => each.outerHTML.slice(0, 120))"""
LINKS = "() => [...document.querySelectorAll('.st-key-learn a')].map(each => each.getAttribute('href') ?? '')"


def bring(page, text):
    """Choose a file as a teacher's own lesson."""
    file = {"name": "lesson.md", "mimeType": "text/markdown", "buffer": text.encode()}
    page.locator(".st-key-learn-own input[type=file]").set_input_files(file)


def predict(page):
    """Answer every question that is asked, the first of the choices, until the end of the lesson."""
    end = page.get_by_role("button", name="Done", exact=True)
    keep = page.locator("button:enabled:visible").filter(has_text="Keep my prediction")
    choices = page.get_by_test_id("stRadio").locator("label:has(input)")
    for _ in range(WARM // 400):
        if end.count():
            return
        with suppress(TimeoutError):  # what is just being exchanged is tried again
            if keep.count():
                keep.first.click(timeout=2_000)
            elif choices.count() and not choices.locator("input:checked").count():
                choices.first.click(timeout=2_000)
        page.wait_for_timeout(400)
    raise AssertionError("the lesson does not end")


def test_a_lesson_from_the_list_to_its_explanation_with_a_prediction(server, visit):
    page = visit(f"{server}/learn")
    page.get_by_role("button", name=re.compile("L2 shrinks, L1 picks")).first.click()
    expect(page).to_have_url(re.compile("lesson=l2-shrinks-l1-picks"))
    assert "data=" not in page.url
    expect(page.get_by_test_id("rd-steps").locator("[aria-current]")).to_have_text("Predict")
    expect(page.get_by_test_id("rd-learn-promise")).to_contain_text("networks are trained", timeout=SOON)
    predict(page)
    expect(page.locator("[class*='st-key-learn-result-'] [data-chart]")).to_have_count(2, timeout=SOON)
    text = page.locator(".st-key-learn-area").inner_text()
    assert re.search(r"L1 sets [3-9] of ten weights to exactly zero, L2 0", text)
    page.reload()
    expect(page.get_by_role("button", name="Done", exact=True)).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_test_id("rd-done")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="All lessons").click()
    expect(page.get_by_test_id("rd-total")).to_contain_text("1 of", timeout=SOON)
    page.go_back()
    expect(page).to_have_url(re.compile("lesson=l2-shrinks-l1-picks"))
    expect(page.get_by_test_id("rd-done")).to_be_visible(timeout=SOON)
    page.go_forward()
    expect(page.get_by_test_id("rd-total")).to_be_visible(timeout=SOON)


def test_a_lesson_of_ones_own_leads_to_train_with_locked_controls(server, visit):
    page = visit(f"{server}/learn", width=390, height=844)
    bring(page, LESSON)
    expect(page).to_have_url(re.compile("lesson=own-[0-9a-f]{32}"), timeout=SOON)
    link = page.url
    predict(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_test_id("rd-told")).to_contain_text("Small & quick. Move it.", timeout=SOON)
    assert "lock=data" in page.url
    other = visit(link)
    expect(other.locator(".rd-lesson-head h1")).to_have_text("Small & quick", timeout=SOON)
    other.goto(page.url)
    expect(other.locator(".st-key-data input").first).to_be_disabled(timeout=SOON)
    expect(other.get_by_role("slider", name=re.compile("^L2"))).to_be_enabled()
    assert not other.get_by_role("slider", name=re.compile("^Dropout")).count()
    assert "Small & quick" not in other.get_by_test_id("stSidebar").inner_text()


def test_a_file_with_three_faults_gives_three_sentences_with_their_lines(server, visit):
    wrong = LESSON.replace("level: beginner", "level: easy").replace("Before.", "<b>Before</b>")
    wrong = wrong.replace("{{compare: plain, decayed;", "{{compare: plain, decaid;")
    page = visit(f"{server}/learn")
    bring(page, wrong)
    faults = page.get_by_test_id("rd-lesson-faults").locator("li")
    expect(faults).to_have_count(3, timeout=SOON)
    rows = wrong.splitlines()
    at = [next(n for n, row in enumerate(rows, 1) if part in row) for part in ("easy", "<b>", "decaid")]
    assert [text.partition(":")[0] for text in faults.all_inner_texts()] == [f"line {number}" for number in at]
    assert page.get_by_role("button", name=re.compile("L2 shrinks, L1 picks")).count()


def test_markup_in_a_lesson_runs_no_script_and_fetches_nothing(server, visit):
    page = visit(f"{server}/learn")
    alerts = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    bring(page, HOSTILE)
    expect(page.locator(".rd-lesson-head h1")).to_have_text(re.compile("^<script>"), timeout=SOON)
    predict(page)
    expect(page.locator("[data-chart^=lesson], [data-chart=loss], [data-chart^=compare]").first).to_be_visible()
    assert not [link for link in page.evaluate(LINKS) if not link.startswith(("#", "https://"))]
    for link in page.locator(".st-key-learn a").all():
        link.click(modifiers=["Shift"])
    assert page.evaluate(FOREIGN) == []
    page.get_by_role("button", name="All lessons").click()
    expect(page.get_by_test_id("rd-total")).to_be_visible(timeout=SOON)
    assert page.evaluate(FOREIGN) == []
    assert alerts == []
