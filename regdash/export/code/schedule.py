"""The learning rate as Keras takes it: a number, one of its schedules, or one behind a warm-up."""

import math
from dataclasses import dataclass
from typing import Any

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.export.code.pieces import Constant, call
from regdash.optimizers import Constant as Steady
from regdash.optimizers import Cosine, Exponential, InverseTime, LinearDecay, ReduceOnPlateau, Step

WARM_UP = '''
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """The learning rate grows evenly to its full size, and then the schedule begins."""

    def __init__(self, then):
        self.then = then

    def __call__(self, step):
        ramp = LEARNING_RATE * (ops.cast(step, "float32") + 1) / WARM_UP
        return ops.where(step < WARM_UP, ramp, self.then(ops.maximum(step - WARM_UP, 0)))
'''
STEADY_WARM_UP = '''
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """The learning rate grows evenly to its full size and stays there."""

    def __call__(self, step):
        return LEARNING_RATE * ops.minimum((ops.cast(step, "float32") + 1) / WARM_UP, 1.0)
'''
WARM_PLATEAU = '''
class WarmUpAndPlateau(keras.callbacks.Callback):
    """ReduceLROnPlateau with a warm-up in front, which Keras' own callback does not know."""

    def __init__(self):
        super().__init__()
        self.step, self.share = 0, 1.0
        self.best, self.waited, self.cooling = np.inf, 0, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.step += 1
        ramp = min(self.step / WARM_UP, 1.0)
        self.model.optimizer.learning_rate = LEARNING_RATE * ramp * self.share

    def on_epoch_end(self, epoch, logs=None):
        self.waited = 0 if self.cooling else self.waited
        self.cooling = max(self.cooling - 1, 0)
        if logs["val_loss"] + PLATEAU_DELTA < self.best:
            self.best, self.waited = logs["val_loss"], 0
        elif not self.cooling:
            self.waited += 1
        if self.waited >= PLATEAU_PATIENCE and self.share > LOWEST_SHARE:
            self.share = max(self.share * SHRINK, LOWEST_SHARE)
            self.waited, self.cooling = 0, COOLDOWN
'''


@dataclass(frozen=True)
class Rate:
    """What the optimizer gets as its learning rate, and what must stand before it; callbacks of the training."""

    code: str = "LEARNING_RATE"
    blocks: tuple[str, ...] = ()
    constants: tuple[Constant, ...] = ()
    callbacks: tuple[str, ...] = ()
    words: str = ""


def rate_of(experiment: Experiment) -> Rate:
    """The learning rate of an experiment."""
    schedule: Any = experiment.schedule
    words = "" if isinstance(schedule, Steady) else f"**{schedule.label}.** {schedule.help}"
    warm = (Constant("WARM_UP", schedule.warmup, "steps"),) if schedule.warmup else ()
    if isinstance(schedule, ReduceOnPlateau):
        return _plateau(schedule, warm, words)
    if isinstance(schedule, Steady):
        if not warm:
            return Rate()
        return Rate("WarmUp()", (STEADY_WARM_UP,), warm, words="The learning rate warms up.")
    name, arguments, constants = _decay(experiment)
    line = call(f"schedule = keras.optimizers.schedules.{name}(", arguments)
    if not warm:
        return Rate("schedule", (line,), tuple(constants), words=words)
    return Rate("WarmUp(schedule)", (WARM_UP, line), (*constants, *warm), words=words)


def _decay(experiment: Experiment) -> tuple[str, list[str], list[Constant]]:
    """Keras' schedule, its arguments and their constants."""
    schedule: Any = experiment.schedule
    steps = Constant("DECAY_STEPS", getattr(schedule, "decay_steps", 0))
    if isinstance(schedule, Exponential | InverseTime):
        name = "ExponentialDecay" if isinstance(schedule, Exponential) else "InverseTimeDecay"
        given = ["LEARNING_RATE", "DECAY_STEPS", "DECAY_RATE"]
        return name, given, [steps, Constant("DECAY_RATE", schedule.decay_rate)]
    if isinstance(schedule, Cosine):
        share = Constant("FINAL_SHARE", schedule.alpha, "of the learning rate")
        return "CosineDecay", ["LEARNING_RATE", "DECAY_STEPS", "alpha=FINAL_SHARE"], [steps, share]
    if isinstance(schedule, LinearDecay):
        share = Constant("FINAL_SHARE", schedule.end, "of the learning rate")
        arguments = ["LEARNING_RATE", "DECAY_STEPS", "LEARNING_RATE * FINAL_SHARE", f"power={schedule.power!r}"]
        return "PolynomialDecay", arguments, [steps, share]
    if isinstance(schedule, Step):
        places = f"range(1, {_drops(experiment, schedule)} + 1)"
        arguments = [
            f"[EVERY * drop for drop in {places}]",
            f"[LEARNING_RATE, *(LEARNING_RATE * DROP**drop for drop in {places})]",
        ]
        constants = [Constant("EVERY", schedule.every, "steps"), Constant("DROP", schedule.drop, "what remains")]
        return "PiecewiseConstantDecay", arguments, constants
    raise RegdashError(f"{schedule.label} cannot be written as code yet; choose another schedule.")


def _drops(experiment: Experiment, schedule: Step) -> int:
    """How often the rate can fall in the training: rows are not counted here, so there may be too many."""
    data, training = experiment.data, experiment.training
    rows: int = getattr(data, "samples", None) or data.rows  # type: ignore[attr-defined]
    steps = training.epochs * -(-rows // (training.batch_size or rows))
    vanished: int = math.ceil(math.log(1e-47) / math.log(schedule.drop))
    return max(1, min(steps // schedule.every, vanished))


def _plateau(schedule: ReduceOnPlateau, warm: tuple[Constant, ...], words: str) -> Rate:
    constants = (
        Constant("SHRINK", schedule.shrink),
        Constant("PLATEAU_PATIENCE", schedule.patience, "epochs"),
        Constant("PLATEAU_DELTA", schedule.min_delta),
        Constant("COOLDOWN", schedule.cooldown, "epochs"),
        Constant("LOWEST_SHARE", schedule.min_rate_share, "of the learning rate"),
    )
    if warm:
        return Rate(
            blocks=(WARM_PLATEAU,), constants=(*constants, *warm), callbacks=("WarmUpAndPlateau()",), words=words
        )
    arguments = [
        "factor=SHRINK",
        "patience=PLATEAU_PATIENCE",
        'mode="min"',
        "min_delta=PLATEAU_DELTA",
        "cooldown=COOLDOWN",
        "min_lr=LEARNING_RATE * LOWEST_SHARE",
    ]
    line = call("plateau = keras.callbacks.ReduceLROnPlateau(", arguments)
    return Rate(blocks=(line,), constants=constants, callbacks=("plateau",), words=words)
