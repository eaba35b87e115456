"""The Runs page over a real store whose runs are done at once."""

import time
from html import unescape

import pytest
from fake_queue import FakeQueue
from sqlalchemy import select, update

from regdash.codec import identity, to_json
from regdash.experiment import Experiment
from regdash.repeats import Setting, setting_key
from regdash.settings import Settings
from regdash.store.database import open_store
from regdash.store.requests import RequestStore, Wanted
from regdash.store.schema import requests, runs, shelf
from regdash.ui import frame, runs_page, runs_storage, visitor
from regdash.ui.labels import literal
from regdash.ui.runs_rows import Row, rows_of

ME, BOB = "a-" + "1" * 32, "a-" + "2" * 32
LIMITS = Settings(max_waiting=10_000, max_queue=10_000)


@pytest.fixture
def queue(tmp_path, monkeypatch):
    database = open_store(f"sqlite:///{tmp_path}/runs.sqlite")
    fake = FakeQueue(database=database)
    monkeypatch.setattr(frame, "connect", lambda: fake)
    monkeypatch.setattr(visitor, "recognise", lambda: visitor.Visitor("s" * 22, (ME,)))
    yield fake
    database.close()


def setting(seeds=1, **values):
    return Setting(Experiment().with_values({"training.epochs": 20, **values}), seeds)


def train(queue, *settings, session=ME, state="done", status="finished", ago=0.0, error="", room=""):
    """Let runs be there that have ended."""
    database, members = queue._database, [member for each in settings for member in each.members]
    queue.submit(session, members)
    wanted = [Wanted(identity(each), to_json(each), each.training.epochs, False) for each in members]
    RequestStore(database).submit(session, wanted, LIMITS, room)
    ids = [each.run_id for each in wanted]
    with database.writing() as connection:
        changed = {"state": state, "status": status if state == "done" else "", "error": error}
        connection.execute(update(runs).where(runs.c.id.in_(ids)).values(**changed, version=1))
        connection.execute(update(requests).where(requests.c.run_id.in_(ids)).values(created=time.time() - ago))


def text(page):
    return unescape(" ".join(each.proto.body for each in page.get("html")))


def lines(page):
    """The rows that are shown, as HTML."""
    return [each.proto.body for each in page.get("html") if 'data-testid="rd-run"' in each.proto.body]


def button(page, label):
    return next(each for each in page.button if each.label == label)


def field(page, label, kind="text_input"):
    return next(each for each in getattr(page, kind) if each.label == label)


def boxes(page):
    return [each for each in page.checkbox if each.label.startswith("Choose ")]


def tick(page, *places):
    for place in places:
        boxes(page)[place].check().run()


def opened(open_page):
    page = open_page("pages/runs.py")
    assert not page.exception
    return page


def test_an_empty_page_says_what_to_do_next(queue, open_page):
    page = opened(open_page)
    assert "Nothing here yet" in text(page)
    assert button(page, "Train something")


def test_runs_that_differ_only_in_seed_and_fold_are_one_row(queue, open_page):
    train(queue, setting(3), setting(**{"split.folds": 3}), setting(**{"l2.l2": 0.01}))
    found = lines(opened(open_page))
    assert len(found) == 3
    assert sorted("3 runs" in each for each in found) == [False, True, True]
    assert all("± " in each for each in found if "3 runs" in each)


def test_only_what_this_visitor_has_trained_is_listed(queue, open_page):
    train(queue, setting(), session=BOB)
    assert "Nothing here yet" in text(opened(open_page))


def test_a_run_says_how_it_ended(queue, open_page):
    train(queue, setting(), status="diverged at epoch 7", ago=3)
    train(queue, setting(**{"l2.l2": 0.1}), state="failed", error="The worker <died>.", ago=2)
    train(queue, setting(**{"l2.l2": 0.2}), state="waiting", ago=1)
    waiting, failed, diverged = lines(opened(open_page))
    assert "waiting, 0 %" in waiting
    assert "failed" in failed
    assert "The worker &lt;died&gt;." in failed
    assert "diverged" in diverged


def test_search_looks_at_names_notes_tags_and_settings(queue, open_page):
    one, other = setting(**{"dropout.rate": 0.5}), setting(**{"data.noise": 0.1})
    train(queue, one, other)
    queue.shelf.describe(ME, other, "For the report", "the steep one", ["week 3"])
    page = opened(open_page)
    for words, number in (("REPORT", 1), ("steep", 1), ("week 3", 1), ("dropout 0.5", 1), ("moons", 2), ("iris", 0)):
        field(page, "Search").set_value(words).run()
        assert len(lines(page)) == number, words
    assert "None of your 2 settings is like that." in text(page)
    button(page, "Reset search and filters").click().run()
    assert len(lines(page)) == 2


def test_filters_keep_what_fits_all_of_them(queue, open_page):
    train(queue, setting(**{"l2.l2": 0.01}), setting(**{"l2.l2": 0.1}), setting(**{"dropout.rate": 0.2}))
    page = opened(open_page)
    field(page, "Regulariser", "multiselect").set_value(["L2"]).run()
    assert len(lines(page)) == 2
    paths = field(page, "Number between two bounds", "selectbox")
    paths.set_value("l2.l2").run()
    field(page, "From", "number_input").set_value(0.05).run()
    assert len(lines(page)) == 1
    assert "L2 strength 0.1" in lines(page)[0]
    field(page, "To", "number_input").set_value(0.01).run()
    assert "From must not be above To" in text(page)
    button(page, "Reset filters").click().run()
    assert len(lines(page)) == 3
    field(page, "State", "multiselect").set_value(["done"]).run()
    assert len(lines(page)) == 3


def test_rows_are_put_in_order_by_what_is_chosen(queue, open_page):
    train(queue, *(setting(**{"dropout.rate": rate, "training.epochs": 150}) for rate in (0.4, 0.0, 0.8)))
    page = opened(open_page)
    field(page, "Sort by", "selectbox").set_value("loss_last").run()
    button(page, "Descending").click().run()
    # the formula of the fake queue: the more dropout, the less the loss rises towards the last epoch
    rates = [next((rate for rate in ("0.8", "0.4") if f"Dropout {rate}" in each), "0") for each in lines(page)]
    assert rates == ["0.8", "0.4", "0"]
    button(page, "Ascending").click().run()
    assert "Dropout" not in lines(page)[0]


def test_there_are_twenty_five_rows_on_a_page(queue, open_page):
    train(queue, *(setting(**{"l2.l2": 0.001 * (n + 1)}) for n in range(26)))
    page = opened(open_page)
    assert len(lines(page)) == 25
    assert "1 to 25 of 26" in text(page)
    button(page, "Next").click().run()
    assert len(lines(page)) == 1
    assert "26 to 26 of 26" in text(page)
    field(page, "Search").set_value("moons").run()  # another search begins at its first page
    assert len(lines(page)) == 25


def test_what_is_written_about_a_setting_is_shown_as_text(queue, open_page):
    hostile = '<img src=x onerror=alert(1)> **b** [l](http://x) :red[r] "q"'
    train(queue, setting())
    page = opened(open_page)
    button(page, "Details").click().run()
    field(page, "Name").set_value(hostile)
    field(page, "Tags").set_value("<i>a</i>, b")
    field(page, "Note", "text_area").set_value("line 1\nline 2")
    button(page, "Save").click().run()
    (row,) = lines(page)
    assert "<img src=x" not in row
    assert "&lt;img src=x onerror=alert(1)&gt; **b**" in row
    assert "&lt;i&gt;a&lt;/i&gt;" in row
    assert boxes(page)[0].label.startswith("Choose \\<img src=x")
    kept = queue.shelf.kept([ME])[setting_key(setting().experiment)]
    assert (kept.name, kept.tags, kept.note) == (hostile, ("<i>a</i>", "b"), "line 1\nline 2")
    assert not page.exception


def test_words_that_are_too_long_stay_typed_with_a_sentence_beside_them(queue, open_page):
    train(queue, setting())
    page = opened(open_page)
    button(page, "Details").click().run()
    field(page, "Name").set_value("n" * 100)
    field(page, "Note", "text_area").set_value("kept")
    button(page, "Save").click().run()
    assert "A name may have at most 80 letters, got 100" in text(page)
    assert field(page, "Name").value == "n" * 100
    assert field(page, "Note", "text_area").value == "kept"


def test_pinning_and_tagging_change_all_rows_that_are_ticked(queue, open_page):
    train(queue, setting(), setting(**{"l2.l2": 0.1}))
    page = opened(open_page)
    tick(page, 0, 1)
    button(page, "Pin").click().run()
    assert all("pinned" in each for each in lines(page))
    field(page, "Tags to add").set_value("a, b").run()
    button(page, "Add tags").click().run()
    assert {each.tags for each in queue.shelf.kept([ME]).values()} == {("a", "b")}
    button(page, "Unpin").click().run()
    assert not any("pinned" in each for each in lines(page))


def test_deleting_hides_at_once_and_undo_brings_back(queue, open_page):
    train(queue, setting(), setting(**{"l2.l2": 0.1}))
    page = opened(open_page)
    tick(page, 0)
    gone = lines(page)[0]
    button(page, "Delete").click().run()
    assert gone not in lines(page)
    assert len(lines(page)) == 1
    assert "1 setting deleted." in text(page)
    button(page, "Undo").click().run()
    assert len(lines(page)) == 2
    assert "back again" in text(page)


def test_a_day_long_what_was_deleted_lies_in_the_bin(queue, open_page):
    train(queue, setting(), setting(**{"l2.l2": 0.1}), ago=3 * 86_400)
    queue.shelf.delete(ME, [setting()])
    page = opened(open_page)
    assert any(each.label == "Recently deleted (1)" for each in page.expander)
    button(page, "Restore").click().run()
    assert len(lines(page)) == 2
    queue.shelf.delete(ME, [setting()])
    with queue._database.writing() as connection:
        connection.execute(update(shelf).values(deleted=time.time() - 2 * 86_400))
    assert not any(each.label.startswith("Recently deleted") for each in opened(open_page).expander)


def test_deleting_ends_what_still_trains(queue, open_page):
    queue.seconds = 1_000.0
    train(queue, setting(), state="running")
    page = opened(open_page)
    tick(page, 0)
    button(page, "Delete").click().run()
    assert list(queue.stopped) == [identity(setting().experiment)]


def test_a_row_opens_in_train_with_its_seeds(queue, open_page):
    train(queue, setting(3, **{"training.seed": 5}))
    page = opened(open_page)
    tick(page, 0)
    button(page, "Open in Train").click().run()
    draft = page.session_state["draft"]
    assert (draft.experiment, draft.seeds) == (setting(**{"training.seed": 5}).experiment, 3)


def test_ticked_rows_are_compared(queue, open_page):
    train(queue, setting(2), setting(**{"l2.l2": 0.1}))
    page = opened(open_page)
    tick(page, 0, 1)
    button(page, "Compare").click().run()
    entries = page.session_state["comparison"].entries
    assert {(each.experiment, each.seeds) for each in entries} == {
        (setting().experiment, 2),
        (setting(**{"l2.l2": 0.1}).experiment, 1),
    }


def test_the_tray_survives_a_reload_and_can_be_cleared(queue, open_page):
    page = open_page()
    button(page, "Add to comparison").click().run()
    assert button(page, "In the comparison")
    page = opened(open_page)  # another session of the same browser
    assert button(page, "Compare (1)")
    button(page, "Clear").click().run()
    assert queue.shelf.picked([ME]) == ()


def test_a_tray_that_is_full_says_so_above_the_page(queue, open_page):
    for number in range(20):
        queue.shelf.pick(ME, setting(**{"l2.l2": 0.01 * (number + 1)}).experiment, 1)
    page = open_page()
    button(page, "Add to comparison").click().run()
    assert "A comparison may hold at most 20 settings" in text(page)


def test_storage_is_told_in_words(queue, open_page):
    plain = setting().experiment.with_values({"training.seed": 0})
    train(queue, setting(2))
    (row,), _ = rows_of(queue.trained, queue.trained.by([ME]), {})
    assert row.plain == plain
    words = runs_storage.in_words([row], Settings(keep_days=60, max_store_mb=4_000))
    assert words.startswith("Your 2 runs take 0.00 of 4,000 MB here.")
    assert "in 60 days" in words
    assert "until you delete them" in runs_storage.in_words([row], Settings(), anonymous=False)
    assert "1 setting, 2 runs" in runs_page.counted([row], [row])
    assert "60 days" in text(opened(open_page))


def test_what_another_version_wrote_is_left_out(queue, open_page):
    train(queue, setting(), setting(**{"l2.l2": 0.1}))
    with queue._database.writing() as connection:
        unknown = {"experiment": '{"schema":99}', "setting": "f" * 20}
        connection.execute(update(runs).where(runs.c.id == identity(setting().experiment)).values(**unknown))
    assert len(lines(opened(open_page))) == 1


def test_a_label_of_a_button_is_no_markdown():
    assert literal("**b** [l](x) `c` $x$ :red[r]") == (r"\*\*b\*\* \[l\]\(x\) \`c\` \$x\$ \:red\[r\]")


def test_a_row_knows_its_seeds_one_after_the_other(queue):
    train(queue, setting(2, **{"training.seed": 4}), setting(1, **{"training.seed": 9}))
    (row,), _ = rows_of(queue.trained, queue.trained.by([ME]), {})
    assert isinstance(row, Row)
    assert (row.first, row.seeds, row.number) == (4, 2, 3)
    assert row.setting.experiment.training.seed == 4


def test_in_a_class_everybodys_runs_are_shown_with_their_nicknames(queue, open_page):
    room = queue.rooms.open(BOB, "Year <10>"[:4], "", 1, Settings())
    for session, name in ((ME, "Ann"), ("a-" + "3" * 32, "Cem")):
        queue.rooms.join(room.code, session, name)
    train(queue, setting(), room=room.id)
    train(queue, setting(), setting(**{"l2.l2": 0.1}), session="a-" + "3" * 32, room=room.id)
    page = opened(open_page)
    assert len(lines(page)) == 1
    whose = next(each for each in page.get("button_group") if each.label == "Whose runs")
    whose.set_value(room.id).run()
    both = next(each for each in lines(page) if "Ann, Cem" in each)
    assert "1 run," in both
    assert len(lines(page)) == 2
    tick(page, 0)
    assert not any(each.label == "Delete" for each in page.button)  # what others have found is not mine to delete
    field(page, "Search").set_value("cem").run()
    assert len(lines(page)) == 2


def asked_for(queue, session):
    with queue._database.reading() as connection:
        found = connection.execute(select(requests.c.run_id, requests.c.created).where(requests.c.session == session))
        return {row.run_id: row.created for row in found}


def test_a_run_that_somebody_else_has_trained_is_listed_once_it_has_been_shown(queue, open_page):
    queue.listing = True
    train(queue, Setting(Experiment(), 1), session=BOB)
    page = open_page()
    assert not page.exception
    (first,) = asked_for(queue, ME).values()
    assert len(lines(page.switch_page("pages/runs.py").run())) == 1
    assert "Nothing here yet" not in text(page)
    number = len(queue.asked)
    open_page()  # a reload of the same page
    assert len(queue.asked) == number
    assert asked_for(queue, ME) == {identity(Experiment()): first}


def test_a_cancelled_run_of_somebody_else_is_not_trained_again_by_looking_at_it(queue, open_page):
    train(queue, Setting(Experiment(), 1), session=BOB)
    run = identity(Experiment())
    queue.stopped[run] = 5
    page = open_page()
    assert not page.exception
    assert queue.stopped == {run: 5}
    assert asked_for(queue, ME) == {}
