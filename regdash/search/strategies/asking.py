"""What is known as a study of Optuna in memory, and its proposals as points of our space."""

import math
from collections.abc import Sequence

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.trial import FrozenTrial, TrialState

from regdash.search.dimension import Choice
from regdash.search.space import Space, Values
from regdash.search.strategies.base import Known

UNIT = FloatDistribution(0.0, 1.0)
INSIDE = math.nextafter(1.0, 0.0)

optuna.logging.set_verbosity(optuna.logging.WARNING)


def sampler_seed(seed: int, made: int) -> int:
    """A seed that follows from (seed, proposals made so far)."""
    return int(np.random.SeedSequence([seed, made]).generate_state(1)[0])


def study_of(space: Space, known: Sequence[Known], sampler: optuna.samplers.BaseSampler | None = None) -> optuna.Study:
    """A study that holds the whole history.

    A range is one number from 0 to 1, its place in the unit cube, where “off” has a place as well; that is as good as
    a switch beside a number that is sometimes missing, and simpler. Choices are numbered. A point that failed counts
    as a little worse than the worst, so that its neighbourhood is avoided; one that still trains is told as running.
    """
    study = optuna.create_study(sampler=sampler)
    losses = [each.loss for each in known if math.isfinite(each.loss)] or [0.0]
    failed = max(losses) + ((max(losses) - min(losses)) or 1.0) / 10
    study.add_trials([_told(space, each, failed) for each in known])
    return study


def ask(space: Space, study: optuna.Study) -> Values:
    """The next point of a study."""
    trial = study.ask()
    return space.at([_asked(trial, each.path, _count(each)) for each in space.dimensions])


def _asked(trial: optuna.Trial, path: str, choices: int) -> float:
    """A place in [0, 1)."""
    if not choices:
        return min(trial.suggest_float(path, 0.0, 1.0), INSIDE)
    return (trial.suggest_categorical(path, tuple(range(choices))) + 0.5) / choices


def _told(space: Space, each: Known, failed: float) -> FrozenTrial:
    counts = {dimension.path: _count(dimension) for dimension in space.dimensions}
    places = dict(zip(counts, space.places(each.values), strict=True))
    running = math.isnan(each.loss)
    return optuna.trial.create_trial(
        state=TrialState.RUNNING if running else TrialState.COMPLETE,
        value=None if running else each.loss if math.isfinite(each.loss) else failed,
        params={path: int(places[path] * count) if count else places[path] for path, count in counts.items()},
        distributions={path: CategoricalDistribution(tuple(range(n))) if n else UNIT for path, n in counts.items()},
    )


def _count(each: object) -> int:
    """How many choices there are; 0 for a range."""
    return len(each.choices) if isinstance(each, Choice) else 0
