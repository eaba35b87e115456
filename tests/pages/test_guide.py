from regdash.experiment import Experiment
from regdash.ui.guide import conversions


def value(experiment, place):
    return next(text for where, _, text in conversions(experiment) if place in where)


def test_the_guide_shows_the_objective_with_the_numbers_of_the_address(open_page):
    page = open_page("pages/guide.py", **{"l2.l2": "0.001", "l1.l1": "0.02"})
    assert any(r"0.001\,{\textstyle\sum}\,w^2" in each.value for each in page.markdown)
    assert any(r"0.02\,{\textstyle\sum}\,|w|" in each.value for each in page.markdown)


def test_the_conversions_of_a_classifier_use_rows_and_batch():
    rows = {"data.samples": 500, "split.train": 0.5, "training.batch_size": 32}
    experiment = Experiment().with_values(rows | {"l2.l2": 0.001, "l1.l1": 0.01})
    assert value(experiment, "LogisticRegression`, L2") == "C = 2"  # 1 / (2 * 250 * 0.001)
    assert value(experiment, "LogisticRegression`, L1") == "C = 0.4"  # 1 / (250 * 0.01)
    assert value(experiment, "MLPClassifier") == "alpha = 0.064"  # 2 * 32 * 0.001
    assert value(experiment, "PyTorch") == "0.002"


def test_the_conversions_of_a_regression_use_ridge_and_lasso(open_page):
    page = open_page("pages/guide.py", **{"data": "diabetes", "split.train": "0.5", "l2.l2": "0.1", "l1.l1": "0.2"})
    text = " ".join(each.value for each in page.markdown)
    assert "alpha = 22.1" in text  # Ridge: 221 rows * 0.1
    assert "alpha = 0.1 |" in text  # Lasso: 0.2 / 2
    assert "alpha = 0.2, l1_ratio = 0.5" in text  # ElasticNet


def test_strengths_that_are_off_are_no_penalty_elsewhere():
    assert value(Experiment(), "LogisticRegression`, L2") == "no penalty"
