"""The names that others give to curves, and ours for the same quantity.

Keras' `loss` is our `running_loss`, never our `loss`: it is a mean over the epoch's batches with dropout on and the
penalty included. `val_loss` keeps its name; whether it holds a penalty cannot be seen in a file, see
`Imported.cautions`. A file that has `running_loss` beside `loss` was written by Regdash, and there `loss` is ours.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LOOKED_FOR = "loss, val_loss, accuracy, mae, r2, learning_rate or penalty"
ALIASES: Mapping[str, tuple[str, ...]] = {
    "running_loss": ("loss", "running_loss"),
    "loss": ("data_loss",),
    "accuracy": ("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"),
    "mae": ("mae", "mean_absolute_error"),
    "r2": ("r2", "r2_score", "r_squared", "rsquared"),
    "penalty": ("penalty",),
    "learning_rate": ("learning_rate", "lr"),
}
"""Our name -> those of others, the best first, all in small letters and without "val" and "train"."""
BARE = ("penalty", "learning_rate")  # that do not exist a second time for the validation rows
VALIDATION = frozenset(("val", "validation", "valid", "eval", "dev"))
DROPPED = frozenset(("train", "training", "epoch"))
LAYER = re.compile(r"(?:l1_norm|l2_norm|near_zero)/[\w .-]{1,60}")
_BY_ALIAS = {alias: (ours, rank) for ours, names in ALIASES.items() for rank, alias in enumerate(names)}


@dataclass(frozen=True)
class Names:
    """`kept` is our name -> theirs; `left` are the columns that are not read."""

    kept: Mapping[str, str]
    left: tuple[str, ...]


def names_of(theirs: Iterable[str]) -> Names:
    """Which of their columns are which of ours; where two are the same quantity the better one is read."""
    given = tuple(theirs)
    own = "running_loss" in given and "loss" in given
    ranked: dict[str, tuple[int, str]] = {}
    for name in given:
        found = ("loss", -1) if own and name == "loss" else _ours(name)
        if found and (found[0] not in ranked or found[1] < ranked[found[0]][0]):
            ranked[found[0]] = (found[1], name)
    kept = {ours: name for ours, (_, name) in ranked.items()}
    return Names(kept, tuple(name for name in given if name not in kept.values()))


def _ours(name: str) -> tuple[str, int] | None:
    """Our name of one of their columns and how good a source it is, the lowest the best; None for an unknown one."""
    if LAYER.fullmatch(name):
        return name, 0
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    validation = bool(VALIDATION.intersection(words))
    plain = "_".join(word for word in words if word not in VALIDATION | DROPPED)
    if plain not in _BY_ALIAS:
        return None
    ours, rank = _BY_ALIAS[plain]
    if not validation:
        return ours, rank
    if ours in BARE:
        return None
    return ("val_loss", 0 if ours == "loss" else 1) if ours in ("loss", "running_loss") else (f"val_{ours}", rank)
