"""All that is TensorFlow's own: compiling, vectorising, gradients, random numbers and loops.

Everything else of the engine is written against `ops` (keras.ops), so a second backend is one more file like this.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


@contextlib.contextmanager
def _without_chatter() -> Iterator[None]:
    """Keep the notes off the terminal that TensorFlow writes about CUDA before its log level applies."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


with _without_chatter():
    import keras
    import tensorflow as tf

    GPUS = tf.config.list_physical_devices("GPU")

Tensor = Any
Tree = Any

ops = keras.ops

__all__ = [
    "LANES",
    "Spec",
    "Tensor",
    "Tree",
    "compiled",
    "device",
    "either",
    "kept",
    "keras",
    "on_device",
    "ops",
    "over_members",
    "repeat",
    "repeat_and_stack",
    "split",
    "traces",
    "value_and_gradient",
    "versions",
]

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LANES = 1 if GPUS else CORES
"""Into how many parts a stack is cut, each trained by a thread of its own: on small arrays one core per part is
faster than all cores on one operation after another (64 members of the moons problem on two cores: 1.4 times)."""


def _configure() -> None:
    for gpu in GPUS:
        tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.threading.set_intra_op_parallelism_threads(0 if GPUS else 1)
    tf.config.threading.set_inter_op_parallelism_threads(CORES)


tf.get_logger().setLevel("ERROR")  # it takes several programs of one function for accidental retracing
with contextlib.suppress(RuntimeError):  # somebody used TensorFlow before us: its settings stay
    _configure()


def device() -> str:
    """What the training runs on, for people."""
    if GPUS:
        return str(tf.config.experimental.get_device_details(GPUS[0]).get("device_name", "GPU"))
    return f"CPU, {CORES} core{'s' if CORES > 1 else ''}"


def versions() -> dict[str, str]:
    """The versions that a record keeps."""
    return {"tensorflow": str(tf.__version__), "keras": str(keras.__version__), "numpy": str(np.__version__)}


def compiled(function: Callable[..., Tree], *arguments: Tree) -> Any:
    """A program traced once; `arguments` are trees of (dtype, shape) with None for a free length."""
    specs = tf.nest.map_structure(lambda leaf: tf.TensorSpec(leaf.shape, leaf.dtype), arguments)
    return tf.function(function, input_signature=specs)


class Spec:
    """The type and shape of one argument of a program."""

    def __init__(self, dtype: str, *shape: int | None) -> None:
        self.dtype = dtype
        self.shape = shape


def traces(program: Any) -> int:
    """How often a program has been traced so far."""
    return int(program.experimental_get_tracing_count())


def over_members(function: Callable[..., Tree], *arguments: Tree) -> Tree:
    """Apply a function of one member to all: arguments and results have a leading axis R.

    A stack whose R is known to be 1 is computed directly, without batched operations.
    """
    leaves = tf.nest.flatten(arguments)
    if leaves[0].shape[0] == 1:
        results = function(*tf.nest.map_structure(lambda a: a[0], arguments))
        return tf.nest.map_structure(lambda a: a[None], results)
    return tf.vectorized_map(lambda row: function(*row), arguments, fallback_to_while_loop=False)


def value_and_gradient(loss: Callable[[Tensor], Tensor], weights: Tensor) -> tuple[Tensor, Tensor]:
    """The loss of one member and its gradient by its weights."""
    with tf.GradientTape() as tape:
        tape.watch(weights)
        value = loss(weights)
    return value, tape.gradient(value, weights)


def kept(seeds: Tensor, epochs: Tensor, rates: Tensor, shape: tuple[Any, ...]) -> Tensor:
    """Which activations survive dropout: booleans [R, *shape], each False with probability `rates` [R, 1, .., U].

    Stateless Philox bits keyed by (member seed, epoch). Each activation gets 16 of them, so a rate is exact to
    2^-17; that halves the cost of the random numbers, which is a fifth of a training step.
    """
    *outer, width = shape
    pairs = (*outer, -(-width // 2))

    def bits(key: Tensor) -> Tensor:
        drawn = tf.random.stateless_uniform(pairs, key, minval=None, maxval=None, dtype=tf.uint32)
        return tf.reshape(tf.bitcast(drawn, tf.uint16), (*outer, 2 * pairs[-1]))[..., :width]

    keys = tf.stack([seeds, epochs], axis=1)
    if seeds.shape[0] == 1:
        drawn = bits(keys[0])[None]
    else:
        spec = tf.TensorSpec([None] * (len(shape) - 1) + [width], tf.uint16)
        drawn = tf.map_fn(bits, keys, fn_output_signature=spec, parallel_iterations=1)
    return drawn >= tf.cast(tf.round(rates * 65536), tf.uint16)


def either(condition: Tensor, then: Callable[[], Tensor], otherwise: Callable[[], Tensor]) -> Tensor:
    """`then()` when the condition holds, else `otherwise()`; only one of them is computed."""
    return tf.cond(condition, then, otherwise)


def repeat(times: Tensor, body: Callable[..., tuple[Tree, ...]], state: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Compute state = body(i, *state) for i = 0 .. times - 1."""
    _, *final = tf.while_loop(
        lambda i, *_: i < times, lambda i, *now: (i + 1, *body(i, *now)), (0, *state), parallel_iterations=1
    )
    return tuple(final)


def repeat_and_stack(
    times: Tensor, body: Callable[..., tuple[tuple[Tree, ...], tuple[Tensor, ...]]], state: tuple[Tree, ...], rows: int
) -> tuple[tuple[Tree, ...], tuple[Tensor, ...]]:
    """Like `repeat`, but body also returns `rows` tensors, which are stacked over i in front."""
    out = tuple(tf.TensorArray(tf.float32, times, infer_shape=False) for _ in range(rows))

    def step(i: Tensor, out: tuple[Any, ...], *now: Tree) -> tuple[Any, ...]:
        after, results = body(i, *now)
        return tuple(array.write(i, row) for array, row in zip(out, results, strict=True)), *after

    out, *final = repeat(times, step, (out, *state))
    return tuple(final), tuple(array.stack() for array in out)


def split(flat: Tensor, sizes: list[int]) -> list[Tensor]:
    """Cut the last axis into pieces of the given sizes."""
    return list(tf.split(flat, sizes, axis=-1))


def on_device(array: Any) -> Tensor:
    """The array as a tensor on the device."""
    return tf.constant(array)
