"""The glossary holds every word of the interface, and says each in two sentences."""

import importlib
import pkgutil
import re

import pytest

from regdash import charts
from regdash.charts.compare_columns import COLUMNS
from regdash.charts.layers import LAYER_MEASURES
from regdash.charts.score import MEASURES as SCORES
from regdash.comparison import MEASURES
from regdash.datasets import DATASETS, Split
from regdash.experiment import Training
from regdash.lessons.catalogue import lesson_files
from regdash.lessons.glossary import find, glossary, groups, named, slug
from regdash.networks import NETWORKS
from regdash.optimizers import OPTIMIZERS, SCHEDULES
from regdash.params import params_of
from regdash.regularizers import REGULARIZERS
from regdash.search import METRICS, STRATEGIES
from regdash.settings import site

TERMS = glossary(site() / "assets")
KNOWN = {word.casefold() for term in TERMS for word in term.words}
CATALOGUES = {
    "data": DATASETS,
    "networks": NETWORKS,
    "regularizers": REGULARIZERS,
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
    "strategies": STRATEGIES,
}
PARTS = (*DATASETS, Split, *NETWORKS, *REGULARIZERS, *OPTIMIZERS, *SCHEDULES, Training)
HALVINGS = ("Successive halving", "Halving", "Hyperband")
VIEWS = ("Race", "Heat map", "Path", "Parallel", "Slices", "Importance", "History", "Table")
FORM = ("Strategy", "Budget", "Trials", "Seconds", "Metric", "Seed of the search", "Seeds", "Folds")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


def chart_titles():
    """The titles of the charts of runs, comparisons and classes; the figures of lessons have texts of their own."""
    rooms = [each.name for each in pkgutil.iter_modules(charts.__path__) if not each.name.startswith("figure_")]
    modules = [importlib.import_module(f"{charts.__name__}.{name}") for name in rooms]
    titled = [module.TITLE for module in modules if hasattr(module, "TITLE")]
    return titled + [each.title for shown in (SCORES, LAYER_MEASURES, COLUMNS) for each in shown.values()]


def lacking(labels):
    return sorted({label for label in labels if label.casefold() not in KNOWN})


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_choice_of_a_menu_is_in_the_glossary(name):
    assert lacking(each.label for each in CATALOGUES[name]) == []


def test_every_setting_is_in_the_glossary():
    assert lacking(each.label for part in PARTS for each in params_of(part)) == []


def test_every_chart_is_in_the_glossary():
    assert lacking(chart_titles()) == []


def test_every_measure_is_in_the_glossary():
    assert lacking([*(each.label for each in MEASURES), *(each.label for each in METRICS.values())]) == []


def test_every_word_of_a_search_is_in_the_glossary():
    assert lacking([*HALVINGS, *VIEWS, *FORM]) == []


def test_every_term_is_two_sentences_of_at_most_60_words():
    counts = {term.term: (len(SENTENCE_END.split(term.text)), len(term.text.split())) for term in TERMS}
    assert [name for name, (sentences, words) in counts.items() if sentences != 2 or words > 60] == []
    assert [term.term for term in TERMS if not term.text.endswith(".")] == []


def test_the_brackets_of_every_formula_are_closed():
    assert [term.term for term in TERMS if not closed(term.formula)] == []


def closed(formula):
    """Whether each brace that opens is closed after it, and each left delimiter has its right one."""
    depths = [0]
    for letter in re.sub(r"\\[{}]", "", formula):
        depths.append(depths[-1] + {"{": 1, "}": -1}.get(letter, 0))
    left, right = (len(re.findall(rf"\\{side}(?![a-z])", formula)) for side in ("left", "right"))
    return min(depths) >= 0 and depths[-1] == 0 and left == right


def test_every_lesson_that_a_term_leads_to_is_there():
    there = {name for name, _ in lesson_files(site() / "assets", "lesson")}
    assert {term.lesson for term in TERMS if term.lesson} <= there


def test_no_word_leads_to_two_terms_and_no_address_either():
    words = [word for term in TERMS for word in set(term.plain_words)]
    assert len(words) == len(set(words))
    assert len({term.name for term in TERMS}) == len(TERMS)


def test_every_term_has_a_group_and_a_group_has_several():
    sizes = [sum(term.group == group for term in TERMS) for group in groups(TERMS)]
    assert "" not in groups(TERMS)
    assert min(sizes) >= 2


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("ridge", "L2"),
        ("RIDGE ", "L2"),
        ("regularization", "Regularisation"),
        ("k fold", "Fold"),
        ("r2", "R²"),
        ("dropo", "Dropout"),
        ("val", None),
        ("holm’s correction", "Holm's correction"),
    ],
)
def test_a_term_is_found_by_other_words_and_spellings(words, first):
    found = find(TERMS, words)
    assert found
    assert first is None or found[0].term == first


def test_words_of_the_text_are_found_after_those_of_the_term():
    names = [term.term for term in find(TERMS, "momentum")]
    assert names[0] == "Momentum"
    assert "Nadam" in names[1:]


def test_nothing_is_found_for_words_that_nobody_uses():
    assert find(TERMS, "xylophone") == ()


def test_no_words_find_everything_in_its_order():
    assert find(TERMS, "  ") == TERMS


def test_every_term_is_found_by_its_address_and_by_its_name():
    assert [term.term for term in TERMS if not re.fullmatch(r"[\w-]{1,80}", term.name)] == []
    assert [term.term for term in TERMS if named(TERMS, term.name) is not term] == []
    assert [term.term for term in TERMS if named(TERMS, term.term) is not term] == []


def test_another_word_is_an_address_too_and_a_strange_one_is_none():
    assert named(TERMS, "ridge").term == "L2"
    assert named(TERMS, "<script>") is None
    assert slug("R²") == "r2"
    assert slug("Holm's correction") == "holms-correction"
