"""The Compare page as a visitor meets it; the runs are made of formulas."""

import pytest
from fake_queue import fake_record
from test_train import button, widget, words

from regdash.comparison.imported import Imported
from regdash.datasets import Circles
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.links import Comparison, Entry, from_comparison, to_comparison
from regdash.regularizers import L2, Dropout
from regdash.ui import compare_state, session

COMPARE = "pages/compare.py"
PLAIN = Entry(Experiment(), 3)
DROPOUT = Entry(Experiment(regularizers=(Dropout(rate=0.3),)), 3)
WEAK = Entry(Experiment(regularizers=(L2(l2=1e-5),)), 3)


@pytest.fixture
def compare(open_page, queue):
    """Open the page with settings whose runs are there, or are not."""

    def opened(*entries, trained=True, **view):
        for entry in entries if trained else ():
            if entry.setting:
                queue.submit("", entry.setting.members)
        queue.asked.clear()
        return checked(open_page(COMPARE, **to_comparison(Comparison(entries, **view))))

    return opened


def checked(page):
    assert not page.exception
    return page


def press(page, label):
    return checked(button(page, label).click().run())


def typed(page, name, text):
    return checked(widget(page.text_input, name).set_value(text).run())


def held(page):
    return page.session_state[compare_state.COMPARISON]


def address(page):
    texts = {key: text if isinstance(text, str) else text[0] for key, text in page.query_params.items()}
    return from_comparison(texts)


def test_an_empty_page_says_what_to_do_and_offers_an_example(open_page, queue):
    page = checked(open_page(COMPARE))
    assert "Which is better, and is it more than chance?" in words(page)
    press(page, "Show an example")
    assert len(held(page).entries) == 3
    assert address(page) == held(page)
    assert "15 of 15 runs are not here." in words(page)
    assert not queue.asked
    press(page, "Undo")
    assert "Which is better, and is it more than chance?" in words(page)


def test_stored_runs_are_shown_at_once_with_a_verdict_beyond_seed_noise(compare, queue):
    page = compare(PLAIN, DROPOUT)
    assert not queue.asked
    assert "All 6 runs are here." in words(page)
    assert 'data-verdict="beyond"' in words(page)
    assert "Dropout 0.3 has a lower best validation loss than No regularisation by" in words(page)
    assert "3 paired seeds" in words(page)
    assert "All: Moons, Dense layers (MLP), Adam, Epochs 150." in words(page)
    assert 'data-testid="rd-compare-table"' in words(page)


def test_a_difference_within_seed_noise_says_so_and_offers_more_seeds_of_both(compare, queue):
    page = compare(PLAIN, Entry(PLAIN.experiment, 3, name="twin"))
    assert 'data-verdict="noise"' in words(page)
    assert "have the same best validation loss in all 3 paired seeds" in words(page)
    press(page, "Train 4 more seeds")
    assert [entry.seeds for entry in held(page).entries] == [7, 7]
    assert len(set(queue.asked)) == 4
    assert address(page) == held(page)


def test_a_setting_with_fewer_seeds_is_first_brought_to_those_of_the_other(compare, queue):
    page = compare(PLAIN, Entry(DROPOUT.experiment, 1))
    assert "a single run cannot tell this from seed noise" in words(page)
    press(page, "Train 2 more seeds")
    assert [entry.seeds for entry in held(page).entries] == [3, 3]
    assert len(queue.asked) == 2


def test_a_setting_never_gets_more_than_its_runs(compare):
    page = compare(Entry(PLAIN.experiment, 50), Entry(PLAIN.experiment, 50, name="again"))
    assert "A setting takes at most 50 runs." in words(page)
    assert not any("more seed" in each.label for each in page.button)


def test_missing_runs_are_offered_and_trained_when_asked(compare, queue):
    page = compare(PLAIN, DROPOUT, trained=False)
    assert "6 of 6 runs are not here." in words(page)
    assert "A verdict on each pair stands here" in words(page)
    assert not queue.asked
    press(page, "Train them")
    assert len(queue.asked) == 6
    assert "All 6 runs are here." in words(page)


def test_settings_without_finished_runs_are_named_in_one_line_below_the_verdicts(compare, queue):
    queue.submit("", [*PLAIN.setting.members, *DROPOUT.setting.members])
    page = compare(PLAIN, DROPOUT, WEAK, trained=False)
    assert words(page).count('data-testid="rd-pair"') == 1
    assert "Not judged, for want of finished runs with such a curve: L2 1e-05." in words(page)


def test_a_queue_that_refuses_is_a_sentence(compare, queue):
    page = compare(PLAIN, trained=False)
    queue.refusal = RegdashError("This server is <full>.")
    press(page, "Train them")
    assert "This server is &lt;full&gt;." in words(page)
    assert "3 of 3 runs are not here." in words(page)


def test_runs_under_way_show_how_far_they_are_and_can_be_cancelled(compare, queue):
    queue.seconds = 1_000.0
    page = compare(PLAIN, trained=False)
    press(page, "Train them")
    assert "0 of 3 runs" in words(page)
    press(page, "Cancel")
    assert len(queue.stopped) == 3


def test_other_data_sets_do_not_compare(compare):
    page = compare(PLAIN, Entry(Experiment(data=Circles()), 3))
    assert "Moons" in words(page)
    assert "do not compare" in words(page)


def test_many_settings_have_a_list_against_the_reference_and_a_matrix(compare):
    page = compare(PLAIN, DROPOUT, WEAK, reference=1)
    assert words(page).count('data-testid="rd-pair"') == 2
    assert "than Dropout 0.3" in words(page)
    assert "2 pairs: with so many some differ by chance alone" in words(page)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("http://x/?data=moon", "data must be one of"),
        ("1.l2.l2=much", "setting 1:"),
        ("nonsense", "This is no link of Regdash"),
        ("http://x/compare?v=99&1.seeds=2", "a newer Regdash can open it"),
        ("&".join(f"{n}.seeds=1" for n in range(1, 201)), "at most 20 settings, this link has 200"),
        ("1.seeds=3&1.name=" + "x" * 9_000, "A link may hold at most 8192 bytes"),
        ("http://x/search?search=" + "0" * 32, "This is the link of a search"),
    ],
)
def test_a_pasted_link_that_cannot_be_read_is_a_sentence_and_loses_nothing(compare, link, said):
    page = compare(PLAIN, DROPOUT)
    typed(page, "compare link", link)
    assert said.lower() in words(page).lower()
    assert held(page).entries == (PLAIN, DROPOUT)
    assert widget(page.text_input, "compare link").value == link


def test_the_link_of_a_train_page_brings_its_setting_and_its_baseline(open_page, queue):
    page = checked(open_page(COMPARE))
    typed(page, "compare link", "http://host/regdash/?v=1&dropout.rate=0.3&seeds=3&base.v=1&base.seeds=2&lock=seeds")
    assert held(page).entries == (Entry(Experiment(), 2), DROPOUT)
    assert widget(page.text_input, "compare link").value == ""


def test_a_broken_address_is_a_sentence_and_the_page_still_works(open_page, queue):
    page = checked(open_page(COMPARE, **{"1.l2.l2": "<b>", "1.seeds": "3"}))
    assert "This link could not be read, so it changed nothing." in words(page)
    assert "<b>" not in words(page).replace("<br>", "")
    press(page, "Show an example")
    assert len(held(page).entries) == 3


def test_imported_curves_that_are_not_here_say_so(compare):
    page = compare(PLAIN, Entry(imported="0" * 32, name="theirs"))
    assert "These imported curves are not on this server" in words(page)
    assert "<strong>theirs</strong> <span>not here</span>" in words(page)


def test_imported_curves_are_compared_without_pairs(compare, queue):
    curves = tuple(fake_record(each).history for each in DROPOUT.setting.members)
    queue.imported.curves["a" * 32] = Imported("<i>keras</i>", "keras", curves)
    page = compare(PLAIN, Entry(imported="a" * 32))
    assert "&lt;i&gt;keras&lt;/i&gt;" in words(page)
    assert "<i>keras" not in words(page)
    assert "3 and 3 unpaired runs" in words(page)


def test_a_name_of_ones_own_is_shown_as_text_and_stands_in_the_address(compare):
    page = compare(PLAIN, DROPOUT)
    typed(page, "compare name 1", "<script>mine</script>")
    assert "&lt;script&gt;mine&lt;/script&gt;" in words(page)
    assert "<script>" not in words(page)
    assert address(page).entries[1].name == "<script>mine</script>"
    typed(page, "compare name 1", "")
    assert "<strong>Dropout 0.3</strong>" in words(page)


def test_settings_are_moved_swapped_removed_and_cleared_and_each_step_can_be_undone(compare):
    page = compare(PLAIN, DROPOUT, WEAK)
    for key, wanted in (
        ("compare-down-0", (DROPOUT, PLAIN, WEAK)),
        ("compare-up-2", (DROPOUT, WEAK, PLAIN)),
        ("compare-remove-1", (DROPOUT, PLAIN)),
        ("compare-swap", (PLAIN, DROPOUT)),
        ("compare-clear", ()),
    ):
        checked(next(each for each in page.button if each.key == key).click().run())
        assert held(page).entries == wanted
    for wanted in ((PLAIN, DROPOUT), (DROPOUT, PLAIN), (DROPOUT, WEAK, PLAIN)):
        press(page, "Undo")
        assert held(page).entries == wanted


def test_the_reference_stays_the_same_setting_when_the_order_changes(compare):
    page = compare(PLAIN, DROPOUT, WEAK, reference=2)
    for key, wanted in (("compare-up-2", 1), ("compare-remove-0", 0), ("compare-remove-0", 0)):
        checked(next(each for each in page.button if each.key == key).click().run())
        assert held(page).reference == wanted


def test_seeds_of_one_setting_can_be_raised(compare):
    page = compare(PLAIN, DROPOUT)
    checked(widget(page.number_input, "compare seeds 0").set_value(5).run())
    assert [entry.seeds for entry in held(page).entries] == [5, 3]
    assert "2 of 8 runs are not here." in words(page)


def test_how_the_curves_are_drawn_is_in_the_address(compare):
    page = compare(PLAIN, DROPOUT)
    checked(widget(page.slider, "compare view smoothing").set_value(0.6).run())
    checked(widget(page.checkbox, "compare view log").set_value(True).run())
    checked(widget(page.checkbox, "compare view members").set_value(True).run())
    checked(widget(page.selectbox, "compare measure").set_value("last_accuracy").run())
    checked(widget(page.get("segmented_control"), "compare chart").set_value("norms").run())
    found = address(page)
    assert (found.smoothing, found.log, found.log_epochs, found.members) == (0.6, True, False, True)
    assert (found.measure, found.view) == ("last_accuracy", "norms")
    assert "higher last validation accuracy" in words(page)


def test_what_is_in_the_tray_comes_along_and_what_was_taken_out_stays_out(open_page, queue):
    queue.shelf.pick("", PLAIN.experiment, 3)
    page = checked(open_page(COMPARE))
    assert held(page).entries == (PLAIN,)
    queue.shelf.pick("", DROPOUT.experiment, 3)
    checked(page.run())
    assert held(page).entries == (PLAIN, DROPOUT)
    checked(next(each for each in page.button if each.key == "compare-remove-0").click().run())
    checked(page.run())
    assert held(page).entries == (DROPOUT,)


def test_a_link_is_shown_as_it_is_whatever_the_tray_holds(compare, queue):
    queue.shelf.pick("", WEAK.experiment, 3)
    page = compare(PLAIN, DROPOUT)
    assert held(page).entries == (PLAIN, DROPOUT)


def test_the_train_page_keeps_its_own_draft(compare):
    page = compare(PLAIN, DROPOUT)
    assert page.session_state[session.DRAFT].experiment == Experiment()
    checked(page.switch_page("app.py").run())
    assert "1.seeds" not in page.query_params
