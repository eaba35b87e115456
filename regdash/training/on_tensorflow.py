"""All that is TensorFlow's own: compiling, vectorising, gradients, random numbers and loops."""

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
    import keras as keras
    import tensorflow as tf

    GPUS = tf.config.list_physical_devices("GPU")

Tensor = Any
Tree = Any

ops = keras.ops

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LANES = 1 if GPUS else CORES
"""Into how many parts a stack is cut, each trained by a thread of its own: on small arrays one core per part is
faster than all cores on one operation after another (64 members of the moons problem on two cores: 1.4 times)."""
LARGEST_PART = 2**14 if GPUS else 64  # members of one part: on a CPU their activations have to fit a core's caches
CONVOLVES_BY_PRODUCTS = False  # it goes through the members one by one
EPOCHS_AT_ONCE: int | None = None  # epochs in one call of a program: any number


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
    return tf.function(function, input_signature=specs, autograph=False)


class Spec:
    """The type and shape of one argument of a program."""

    def __init__(self, dtype: str, *shape: int | None) -> None:
        self.dtype = dtype
        self.shape = shape


def traces(program: Any) -> int:
    """How often a program has been traced so far."""
    return int(program.experimental_get_tracing_count())


def over_members(function: Callable[..., Tree], *arguments: Tree, one_by_one: bool = False) -> Tree:
    """Apply a function of one member to all: arguments and results have a leading axis R.

    A stack whose R is known to be 1 is computed directly, without batched operations. With `one_by_one`, operations
    that exist for one member only (convolutions with kernels of their own) may go through the members in a loop.
    """
    leaves = tf.nest.flatten(arguments)
    if leaves[0].shape[0] == 1:
        results = function(*tf.nest.map_structure(lambda a: a[0], arguments))
        return tf.nest.map_structure(lambda a: a[None], results)
    return tf.vectorized_map(lambda row: function(*row), arguments, fallback_to_while_loop=one_by_one)


def padded(members: int, before: int = 0) -> int:
    """How many rows a stack of R members takes.

    One row is not enough for a program whose R is free: in some layers TensorFlow would drop the axis of length 1.
    """
    return max(members, 2)


def capacity(rows: int) -> int:
    """For how many rows of data there is room: no more than needed, as a program takes any number."""
    return rows


def value_and_gradient(
    loss: Callable[[Tensor], tuple[Tensor, Tree]], weights: Tensor
) -> tuple[tuple[Tensor, Tree], Tensor]:
    """What `loss` of one member returns, (value, more), and the gradient of the value by the weights."""
    with tf.GradientTape() as tape:
        tape.watch(weights)
        value, more = loss(weights)
    return (value, more), tape.gradient(value, weights)


def kept(seeds: Tensor, turns: Tensor, rates: Tensor, shape: tuple[Any, ...]) -> Tensor:
    """Which activations survive dropout: booleans [R, *shape], each False with probability `rates` [R, 1, .., U].

    Stateless Philox bits keyed by (member seed, turn). Each activation gets 16 of them, so a rate is exact to
    2^-17; that halves the cost of the random numbers, which is a fifth of a training step.
    """
    *outer, width = shape
    pairs = (*outer, -(-width // 2))

    def bits(key: Tensor) -> Tensor:
        drawn = tf.random.stateless_uniform(pairs, key, minval=None, maxval=None, dtype=tf.uint32)
        return tf.reshape(tf.bitcast(drawn, tf.uint16), (*outer, 2 * pairs[-1]))[..., :width]

    return _for_each_key(bits, seeds, turns, shape, tf.uint16) >= tf.cast(tf.round(rates * 65536), tf.uint16)


def normals(seeds: Tensor, turns: Tensor, shape: tuple[Any, ...]) -> Tensor:
    """Standard normal numbers [R, *shape], keyed by (member seed, turn)."""
    return _for_each_key(lambda key: tf.random.stateless_normal(shape, key), seeds, turns, shape, tf.float32)


def _for_each_key(
    draw: Callable[[Tensor], Tensor], seeds: Tensor, turns: Tensor, shape: tuple[Any, ...], dtype: Any
) -> Tensor:
    keys = tf.stack([seeds, turns], axis=1)
    if seeds.shape[0] == 1:
        return draw(keys[0])[None]
    spec = tf.TensorSpec([None] * (len(shape) - 1) + [shape[-1]], dtype)
    return tf.map_fn(draw, keys, fn_output_signature=spec, parallel_iterations=1)


def either(condition: Tensor, then: Callable[[], Tensor], otherwise: Callable[[], Tensor]) -> Tensor:
    """`then()` when the condition holds, else `otherwise()`; only one of them is computed."""
    return tf.cond(condition, then, otherwise)


def repeat(times: Tensor, body: Callable[..., tuple[Tree, ...]], state: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Compute state = body(i, *state) for i = 0 .. times - 1."""
    _, *final = tf.while_loop(
        lambda i, *_: i < times, lambda i, *now: (i + 1, *body(i, *now)), (0, *state), parallel_iterations=1
    )
    return tuple(final)


def repeat_and_keep(
    times: Tensor,
    most: Tensor,
    body: Callable[..., tuple[tuple[Tree, ...], tuple[Tensor, ...]]],
    state: tuple[Tree, ...],
    rows: int,
) -> tuple[tuple[Tree, ...], tuple[Tensor, ...]]:
    """Like `repeat`, but body also returns `rows` tensors: of the first those of all i come back stacked, at most
    `most` of them, and of the others the rows of all i one after another, for `looks_of`.
    """
    out = tuple(tf.TensorArray(tf.float32, times, infer_shape=False) for _ in range(rows))

    def step(i: Tensor, out: tuple[Any, ...], *now: Tree) -> tuple[Any, ...]:
        after, results = body(i, *now)
        return tuple(array.write(i, row) for array, row in zip(out, results, strict=True)), *after

    (stacked, *joined), *final = repeat(times, step, (out, *state))
    return tuple(final), (stacked.stack(), *(array.concat() for array in joined))


def first(rows: Tensor, count: Tensor) -> Tensor:
    """The first rows of a table; where shapes must be known there may be more."""
    return rows[:count]


def looks_of(table: Tensor, steps: Any, columns: Any) -> Any:
    """Of the rows kept at each step those in these columns, in the order of (step, column): all there are."""
    return table.numpy()


def split(flat: Tensor, sizes: list[int]) -> list[Tensor]:
    """Cut the last axis into pieces of the given sizes."""
    return list(tf.split(flat, sizes, axis=-1))


def smaller(a: Any, b: Any) -> Any:
    """The smaller of two lengths, each known now or only when the program runs."""
    return tf.minimum(a, b)


def in_blocks(
    function: Callable[[Tensor, Tensor], Tensor],
    x: Tensor,
    counted: Tensor,
    most: int | None,
    shape: tuple[int | None, ...],
) -> Tensor:
    """`function` of rows x [.., M, F] and counted [M] gives [R, K, O]; joined along K over blocks of at most `most`.

    `counted` is 1 for the rows that count; `shape` is (R, O) as far as it is known. With `most` None there is one
    block: a loop would only cost time.
    """
    if most is None:
        return function(x, counted)
    rows = tf.shape(x)[1]
    blocks = -(-rows // most)
    found = tf.TensorArray(tf.float32, blocks, infer_shape=False)

    def block(i: Tensor, found: Any) -> tuple[Any]:
        begin, end = i * most, tf.minimum(rows, (i + 1) * most)
        z = function(x[:, begin:end], counted[begin:end])
        return (found.write(i, tf.transpose(z, [1, 0, 2])),)

    joined = tf.transpose(repeat(blocks, block, (found,))[0].concat(), [1, 0, 2])
    return tf.ensure_shape(joined, (shape[0], None, shape[1]))


def on_device(array: Any) -> Tensor:
    """The array as a tensor on the device."""
    return tf.constant(array)
