"""Settings as a Python program that trains them again."""

from collections.abc import Mapping

from regdash.links import to_link
from regdash.repeats import Setting

HEAD = """from regdash.api import from_link, train

settings = {{  # name: (what is no default, seeds)
{settings}
}}
for name, (link, seeds) in settings.items():
    experiment = from_link(link)
    first, folds = experiment.training.seed, max(1, experiment.split.folds)
    places = [(first + seed, fold) for seed in range(seeds) for fold in range(folds)]
    runs = train([experiment.with_values({{"training.seed": seed, "split.fold": fold}}) for seed, fold in places])
    best = [run.history["val_loss"][run.best_epoch - 1] for run in runs if run.best_epoch]
    print(f"{{name}}: lowest validation loss {{sum(best) / len(best):.4f}}, mean of {{len(best)}} runs")
"""


def code(settings: Mapping[str, Setting]) -> str:
    """A program over `regdash.api` that trains all settings with all their seeds and folds."""
    lines = [f"    {name!r}: ({to_link(each.experiment)!r}, {each.seeds})," for name, each in settings.items()]
    return HEAD.format(settings="\n".join(lines))
