"""The Guide page: what the charts show, and the same settings in other libraries, with the visitor's numbers."""

from html import escape

import streamlit as st

from regdash.datasets import samples
from regdash.experiment import Experiment
from regdash.regularizers import L1, L2, ElasticNet, WeightDecay
from regdash.ui import formula, session
from regdash.ui.rows import missing

CHARTS = (
    (
        "Loss",
        "How wrong the answers are after each epoch, on the training rows (dotted) and on the validation rows "
        "(solid). Both are measured the same way: dropout off, no penalty. So the distance between the two lines is "
        "the **generalisation gap** and nothing else. A validation loss that turns up again while the training loss "
        "goes on falling is overfitting. The circle marks the best epoch.",
    ),
    (
        "Accuracy or R²",
        "The share of rows that are answered rightly, or the share of the variation that is explained. Loss and "
        "accuracy can disagree: a network that becomes too sure of itself loses on the loss first.",
    ),
    (
        "Decision boundary",
        "For data with two inputs: which class the network answers at each place, pale where it is unsure. Dots are "
        "training rows, crosses are validation rows, rings are training rows with a wrong label. The slider plays the "
        "development back; nothing is trained again. For other data a confusion matrix or predicted against true "
        "values stands here.",
    ),
    (
        "Weights",
        "The size √Σw² of each layer's weights, and the share of weights that are nearly zero (below 0.001). L2 makes "
        "all weights small; L1 makes many of them zero.",
    ),
    (
        "Objective",
        "What training really makes small: the data loss and the penalty, told apart. Without penalty the two lines "
        "are one.",
    ),
)

SEEDS = (
    "A single run is one draw of initial weights, batches and dropout. Choose 3, 5 or 10 seeds and every curve becomes "
    "a mean with its 95 % interval. The k-th run of the present setting and the k-th run of the baseline share their "
    "seed, so the change is judged pair by pair: **within seed noise** means that the interval of the change holds 0, "
    "and other seeds might as well have shown the opposite."
    "\n\nCross-validation asks the same of the rows: training and validation rows are cut into 3, 5 or 10 folds of "
    "equal size, and each fold validates once what was learnt from the others. With seeds as well, every seed trains "
    "every fold, and runs with the same seed and fold are a pair. The test part is the same with and without folds."
)

TEST_PART = (
    "Half of the rows that are not for training are kept apart as the test part. No chart shows them: whoever chooses "
    "settings by looking at the test part has no honest number left at the end."
)


def draw() -> None:
    """Draw the page."""
    experiment = session.draft().experiment
    with st.container(key="guide", width=820):
        st.title("Guide")
        st.subheader("What is trained")
        st.markdown(
            f"Training makes this number small, here with your settings:\n\n$${formula.objective(experiment)}$$"
        )
        st.markdown(
            "The mean is over the rows of a batch. The sums run over all weights; biases are free. There is no ½ "
            "before the squares, as in Keras; ‖wᵢ‖ is the length of all weights that leave one input, and a are the "
            "activations of the hidden units. All other regularisers are no terms of the objective: they act on the "
            "inputs, the targets, the activations, the gradient, the update or the number of epochs."
        )
        st.subheader("What each chart shows")
        st.markdown("\n".join(f"- **{name}.** {text}" for name, text in CHARTS))
        st.subheader("Seeds and noise")
        st.markdown(SEEDS)
        st.subheader("The test part")
        st.markdown(TEST_PART)
        st.subheader("The same strengths elsewhere")
        gap = missing(experiment)
        if gap is None:
            st.markdown(_intro(experiment))
            st.markdown(table(experiment))
        else:
            st.html(f'<p class="rd-notice" role="status">{escape(gap.sentence)}</p>')


def table(experiment: Experiment) -> str:
    """The conversions as a Markdown table with the visitor's numbers."""
    rows = "\n".join(f"| {where} | {rule} | {value} |" for where, rule, value in conversions(experiment))
    return f"| Where | Rule | With your numbers |\n|---|---|---|\n{rows}"


def conversions(experiment: Experiment) -> list[tuple[str, str, str]]:
    """What to set elsewhere for the same objective: (place, rule, value), n training rows and batches of B."""
    n = len(samples(experiment.data, experiment.split).train)
    batch, net = experiment.training.batch_size or n, experiment.regularizer(ElasticNet)
    l1, l2 = experiment.regularizer(L1).l1 + net.l1, experiment.regularizer(L2).l2 + net.l2
    decay = experiment.regularizer(WeightDecay).weight_decay
    elastic = l1 / 2 + l2
    regression = not experiment.data.classes
    both = [
        ("Keras `L1`, `L2`", "the same numbers", f"{l1:g} and {l2:g}"),
        ("PyTorch `weight_decay`, plain SGD", "2 · l2", f"{2 * l2:g}"),
        ("Weight decay here, plain SGD", "2 · l2", f"{2 * l2:g} (now {decay:g})"),
    ]
    if regression:
        return [
            *both,
            ("scikit-learn `Ridge`", "alpha = n · l2", _value("alpha", n * l2)),
            ("scikit-learn `Lasso`", "alpha = l1 / 2", _value("alpha", l1 / 2)),
            (
                "scikit-learn `ElasticNet`",
                "alpha = l1 / 2 + l2, l1_ratio = (l1 / 2) / alpha",
                f"alpha = {elastic:g}, l1_ratio = {l1 / 2 / elastic:.3g}" if elastic else "no penalty",
            ),
            ("scikit-learn `MLPRegressor`", "alpha = B · l2", _value("alpha", batch * l2)),
        ]
    return [
        *both,
        ("scikit-learn `LogisticRegression`, L2", "C = 1 / (2 · n · l2)", _value("C", 1 / (2 * n * l2) if l2 else 0)),
        ("scikit-learn `LogisticRegression`, L1", "C = 1 / (n · l1)", _value("C", 1 / (n * l1) if l1 else 0)),
        ("scikit-learn `MLPClassifier`", "alpha = 2 · B · l2", _value("alpha", 2 * batch * l2)),
    ]


def _intro(experiment: Experiment) -> str:
    n = len(samples(experiment.data, experiment.split).train)
    return (
        "Libraries write the same penalty with other factors. This is what to set elsewhere to train what you have "
        f"set here: n = {n} training rows, batches of B = {experiment.training.batch_size or n}. Ridge, Lasso and "
        "LogisticRegression correspond to the network without a hidden layer, trained to the end."
    )


def _value(name: str, number: float) -> str:
    return f"{name} = {number:.4g}" if number else "no penalty"
