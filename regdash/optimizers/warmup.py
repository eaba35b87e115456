"""The warm-up in front of a schedule, as Keras takes it."""

from functools import cache
from typing import Any


def warmed(keras: Any, learning_rate: float, warmup: int, then: Any) -> Any:
    """What a Keras optimizer takes as `learning_rate` for a warm-up of so many steps followed by `then`.

    `then` is a number or a Keras schedule that counts its steps from the end of the warm-up; without a warm-up
    (0 steps) it is handed back as it is.
    """
    return _warm_up(keras)(learning_rate, warmup, then) if warmup else then


@cache
def _warm_up(keras: Any) -> Any:
    schedules, ops = keras.optimizers.schedules, keras.ops

    @keras.saving.register_keras_serializable(package="regdash")
    class WarmUp(schedules.LearningRateSchedule):  # type: ignore[misc, name-defined]
        """learning_rate * (step + 1) / warmup while step < warmup, then `then` at step - warmup."""

        def __init__(self, learning_rate: float, warmup: int, then: Any) -> None:
            self.learning_rate, self.warmup, self.then = learning_rate, warmup, then

        def __call__(self, step: Any) -> Any:
            step = ops.convert_to_tensor(step)
            ramp = self.learning_rate * ops.cast(step + 1, "float32") / self.warmup
            after = self.then(ops.maximum(step - self.warmup, 0)) if callable(self.then) else self.then
            return ops.where(step < self.warmup, ramp, after)

        def get_config(self) -> dict[str, Any]:
            then = schedules.serialize(self.then) if callable(self.then) else self.then
            return {"learning_rate": self.learning_rate, "warmup": self.warmup, "then": then}

        @classmethod
        def from_config(cls, config: dict[str, Any]) -> Any:
            then = config["then"]
            return cls(**config | {"then": schedules.deserialize(then) if isinstance(then, dict) else then})

    return WarmUp
