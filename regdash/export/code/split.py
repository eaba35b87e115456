"""How the rows are divided into parts, which labels are made wrong, and how all is scaled."""

from regdash.datasets import OwnTable
from regdash.datasets.split import LEAST
from regdash.experiment import Experiment
from regdash.export.code.pieces import Constant, Section

WRONG = '''
def with_wrong_labels(labels):
    """A share of the labels replaced by another class."""
    turn, other = stream(LABELS).random((len(labels), 2)).T
    wrong = np.argsort(turn, kind="stable")[: round(WRONG_LABELS * len(labels))]
    shift = 1 + (other[wrong] * (CLASSES - 1)).astype(int)
    labels = labels.copy()
    labels[wrong] = (labels[wrong] + shift) % CLASSES
    return labels
'''
FOLDS = '''
def fold_of(groups):
    """The fold in which each row validates: rows are sorted by class and dealt out like cards."""
    used = len(groups) - len(groups) % FOLDS
    dealt = np.full(len(groups), -1)  # what is left over never validates
    dealt[np.argsort(groups[:used], kind="stable")] = np.arange(used) % FOLDS
    return dealt
'''


def split_section(experiment: Experiment) -> Section:
    """Code that leaves x_train, y_train, x_val and y_val as the network takes them."""
    data, split = experiment.data, experiment.split
    wrong = bool(split.label_noise and data.classes)
    blocks = [WRONG] if wrong else []
    if split.folds:
        blocks.append(FOLDS)
    blocks += ["\n".join(_parts(experiment, wrong)), "\n".join(_scaled(experiment))]
    constants = [Constant("TRAIN_SHARE", split.train, "half of the rest is for validation")]
    constants += [Constant("WRONG_LABELS", split.label_noise, "share of the training rows")] if wrong else []
    constants += [Constant("CLASSES", data.classes)] if data.classes == 2 and wrong else []
    constants += [Constant("FOLDS", split.folds), Constant("FOLD", split.fold)] if split.folds else []
    return Section("Split", _words(experiment), tuple(blocks), tuple(constants))


def _words(experiment: Experiment) -> str:
    words = ["The test part is left alone until the settings are chosen."]
    if experiment.split.label_noise and experiment.data.classes:
        words.append("Some training labels are made wrong; those for validation stay right.")
    if experiment.data.standardize:
        words.append("What is scaled is scaled by the training rows.")
    return " ".join(words)


def _parts(experiment: Experiment, wrong: bool) -> list[str]:
    data, split = experiment.data, experiment.split
    order = "stratified_order(targets, stream(SPLIT))" if data.classes else "stream(SPLIT).permutation(len(targets))"
    lines = [f"order = {order}"]
    if _is_clamped(experiment):
        lines.append(f"n_train = min(max(round(TRAIN_SHARE * len(order)), {LEAST}), len(order) - {2 * LEAST})")
    else:
        lines.append("n_train = round(TRAIN_SHARE * len(order))")
    lines += ["n_val = (len(order) - n_train) // 2", "train, val, test = np.split(order, [n_train, n_train + n_val])"]
    if not split.folds:
        return [*lines, f"labels = {'with_wrong_labels(targets[train])' if wrong else 'targets[train]'}"]
    groups = "targets[known]" if data.classes else "np.zeros(len(known))"
    return [
        *lines,
        "known = np.concatenate([train, val])  # every row of these validates in one of the folds",
        f"labels = {'with_wrong_labels(targets[known])' if wrong else 'targets[known]'}",
        f"held = fold_of({groups}) == FOLD",
        "train, val, labels = known[~held], known[held], labels[~held]",
    ]


def _is_clamped(experiment: Experiment) -> bool:
    """Whether a part would have too few rows; an uploaded table may be smaller than what is asked of it."""
    data, train = experiment.data, experiment.split.train
    if isinstance(data, OwnTable):
        return True
    rows = getattr(data, "samples", None) or data.rows  # type: ignore[attr-defined]
    return not LEAST <= round(train * rows) <= rows - 2 * LEAST


def _scaled(experiment: Experiment) -> list[str]:
    data = experiment.data
    if data.standardize:
        lines = [
            "scaler = StandardScaler().fit(inputs[train])",
            "x_train = scaler.transform(inputs[train]).astype(np.float32)",
            "x_val = scaler.transform(inputs[val]).astype(np.float32)",
        ]
    else:
        lines = [f"x_{part} = inputs[{part}].astype(np.float32)" for part in ("train", "val")]
    if data.classes > 2:
        one_hot = "np.eye(CLASSES, dtype=np.float32)"
        return [*lines, f"y_train = {one_hot}[labels]", f"y_val = {one_hot}[targets[val]]"]
    if data.standardize and not data.classes:
        lines += [
            "y_scaler = StandardScaler().fit(targets[train, None])",
            "y_train = y_scaler.transform(labels[:, None]).astype(np.float32)",
            "y_val = y_scaler.transform(targets[val, None]).astype(np.float32)",
        ]
        return lines
    return [
        *lines,
        "y_train = labels[:, None].astype(np.float32)",
        "y_val = targets[val, None].astype(np.float32)",
    ]
