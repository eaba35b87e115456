"""All that is JAX's own: the names of on_tensorflow.py, for programs that know every shape when they are compiled."""

import os
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Any

import numpy as np

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # others may use the same GPU

import jax
import jax.numpy as jnp
import keras
from jax import lax

Tensor = Any
Tree = Any

ops = keras.ops

GPU = jax.default_backend() == "gpu"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LANES = 1 if GPU else CORES
LARGEST_PART = 2**14 if GPU else 32  # members of one part: on a CPU their activations have to fit a core's caches
EPOCHS_AT_ONCE: int | None = 8
"""One call of a program has room for so many epochs and runs as many as it is told: a segment is several calls, and no
number of epochs compiles a program of its own."""
CONVOLVES_BY_PRODUCTS = True
"""XLA's own convolutions with kernels of many members, and their gradients, are many times slower on a CPU."""
FEWEST_ROWS = 256
BLOCK_ROWS = 2**30 if GPU else 128


def device() -> str:
    """What the training runs on, for people."""
    if GPU:
        return str(jax.devices()[0].device_kind)
    return f"CPU, {CORES} core{'s' if CORES > 1 else ''}"


def versions() -> dict[str, str]:
    """The versions that a record keeps."""
    return {"jax": str(jax.__version__), "keras": str(keras.__version__), "numpy": str(np.__version__)}


class Spec:
    """The type and shape of one argument of a program; JAX reads them off the arguments themselves."""

    def __init__(self, dtype: str, *shape: int | None) -> None:
        self.dtype = dtype
        self.shape = shape


class Compiled:
    """A program that is compiled for each new set of shapes, and counts how often."""

    def __init__(self, function: Callable[..., Tree]) -> None:
        self.count = 0
        self._known: set[Any] = set()
        self._alone = Lock()

        def counted(*arguments: Tree) -> Tree:
            self.count += 1
            return function(*arguments)

        self._fast = jax.jit(counted)

    def __call__(self, *arguments: Tree) -> Tree:
        """Run it, compiled before or now; lanes that come with the same new shapes compile once."""
        shapes = tuple(leaf.shape for leaf in jax.tree.leaves(arguments))
        if shapes in self._known:
            return self._fast(*arguments)
        with self._alone:
            found = self._fast(*arguments)
            self._known.add(shapes)
            return found


def compiled(function: Callable[..., Tree], *_: Tree) -> Compiled:
    """A program compiled at its first use."""
    return Compiled(function)


def traces(program: Compiled) -> int:
    """How often a program has been traced so far."""
    return program.count


def over_members(function: Callable[..., Tree], *arguments: Tree, one_by_one: bool = False) -> Tree:
    """Apply a function of one member to all: arguments and results have a leading axis R."""
    if jax.tree.leaves(arguments)[0].shape[0] == 1:
        results = function(*jax.tree.map(lambda a: a[0], arguments))
        return jax.tree.map(lambda a: a[None], results)
    if one_by_one and not GPU:
        return lax.map(lambda row: function(*row), arguments)
    return jax.vmap(function)(*arguments)


def padded(members: int, before: int = 0) -> int:
    """How many rows a stack of R members takes: the next power of two, as each number is compiled anew.

    A stack that had more `before` shrinks to a quarter of it or less, else not at all.
    """
    found = max(2, 1 << (members - 1).bit_length())
    return before if found <= before < 4 * found else found


def capacity(rows: int) -> int:
    """For how many rows of data there is room: powers of two, as each number is compiled anew."""
    return max(FEWEST_ROWS, 1 << (rows - 1).bit_length())


def value_and_gradient(
    loss: Callable[[Tensor], tuple[Tensor, Tree]], weights: Tensor
) -> tuple[tuple[Tensor, Tree], Tensor]:
    """What `loss` of one member returns, (value, more), and the gradient of the value by the weights."""
    found: tuple[tuple[Tensor, Tree], Tensor] = jax.value_and_grad(loss, has_aux=True)(weights)
    return found


def kept(seeds: Tensor, turns: Tensor, rates: Tensor, shape: tuple[Any, ...]) -> Tensor:
    """Which activations survive dropout: booleans [R, *shape], each False with probability `rates` [R, 1, .., U].

    Counter-based bits keyed by (member seed, turn), 16 for each activation, so a rate is exact to 2^-17.
    """
    *outer, width = shape
    pairs = (*outer, -(-width // 2))

    def bits(key: Tensor) -> Tensor:
        drawn = lax.bitcast_convert_type(jax.random.bits(key, pairs, jnp.uint32), jnp.uint16)
        return drawn.reshape((*outer, 2 * pairs[-1]))[..., :width]

    return _for_each_key(bits, seeds, turns) >= jnp.round(rates * 65536).astype(jnp.uint16)


def normals(seeds: Tensor, turns: Tensor, shape: tuple[Any, ...]) -> Tensor:
    """Standard normal numbers [R, *shape], keyed by (member seed, turn)."""
    return _for_each_key(lambda key: jax.random.normal(key, shape), seeds, turns)


def _for_each_key(draw: Callable[[Tensor], Tensor], seeds: Tensor, turns: Tensor) -> Tensor:
    keys = jnp.stack([jnp.asarray(seeds), jnp.asarray(turns)], axis=1).astype(jnp.uint32)
    return jax.vmap(lambda pair: draw(jax.random.wrap_key_data(pair, impl="threefry2x32")))(keys)


def either(condition: Tensor, then: Callable[[], Tree], otherwise: Callable[[], Tree]) -> Tree:
    """`then()` when the condition holds, else `otherwise()`; only one of them is computed."""
    return lax.cond(condition, then, otherwise)


def repeat(times: Tensor, body: Callable[..., tuple[Tree, ...]], state: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Compute state = body(i, *state) for i = 0 .. times - 1."""
    final: tuple[Tree, ...] = lax.fori_loop(0, times, lambda i, now: tuple(body(i, *now)), tuple(state))
    return final


def repeat_and_keep(
    times: Tensor,
    most: int,
    body: Callable[..., tuple[tuple[Tree, ...], tuple[Tensor, ...]]],
    state: tuple[Tree, ...],
    rows: int,
) -> tuple[tuple[Tree, ...], tuple[Tensor, ...]]:
    """Like `repeat`, but body also returns `rows` tensors; they come back stacked over i, [most, ...] each."""
    shapes = jax.eval_shape(lambda now: body(jnp.int32(0), *now)[1], state)
    tables = tuple(jnp.zeros((most, *each.shape), each.dtype) for each in shapes)

    def step(i: Tensor, tables: tuple[Tensor, ...], *now: Tree) -> tuple[Any, ...]:
        after, results = body(i, *now)
        put = partial(lax.dynamic_update_index_in_dim, index=i, axis=0)
        return tuple(put(table, row) for table, row in zip(tables, results, strict=True)), *after

    tables, *final = repeat(times, step, (tables, *state))
    return tuple(final), tables


def first(rows: Tensor, count: Tensor) -> Tensor:
    """The first rows of a table; where shapes must be known there may be more."""
    return rows


def looks_of(table: Tensor, steps: Any, columns: Any) -> Any:
    """Of the rows kept at each step those in these columns, in the order of (step, column)."""
    return np.asarray(table)[steps, columns]


def split(flat: Tensor, sizes: list[int]) -> list[Tensor]:
    """Cut the last axis into pieces of the given sizes."""
    ends = np.cumsum(sizes).tolist()
    return [flat[..., end - size : end] for size, end in zip(sizes, ends, strict=True)]


def smaller(a: Any, b: Any) -> Any:
    """The smaller of two lengths, each known now or only when the program runs."""
    return min(a, b) if isinstance(a, int) and isinstance(b, int) else jnp.minimum(a, b)


def in_blocks(
    function: Callable[[Tensor, Tensor], Tensor],
    x: Tensor,
    counted: Tensor,
    most: int | None,
    shape: tuple[int | None, ...],
) -> Tensor:
    """`function` of rows x [.., M, F] and counted [M] gives [R, K, O]; joined along K over blocks of rows.

    `counted` is 1 for the rows that count and 0 for those after them; blocks without any of the former give zeros.
    """
    rows = x.shape[1]
    block = min(rows, BLOCK_ROWS, most or rows)
    if block == rows:
        return function(x, counted)
    blocks = -(-rows // block)
    x = jnp.pad(x, [(0, 0), (0, blocks * block - rows), (0, 0)])
    weights = jnp.pad(counted, (0, blocks * block - rows))

    def one(i: Tensor) -> Tensor:
        begin = i * block
        return function(lax.dynamic_slice_in_dim(x, begin, block, 1), lax.dynamic_slice_in_dim(weights, begin, block))

    members, pieces, width = jax.eval_shape(one, jnp.int32(0)).shape

    def step(i: Tensor, found: Tensor) -> tuple[Tensor]:
        return (lax.dynamic_update_slice_in_dim(found, one(i), i * pieces, 1),)

    used = (jnp.sum(counted).astype("int32") + block - 1) // block
    (found,) = repeat(used, step, (jnp.zeros((members, blocks * pieces, width)),))
    return found[:, :rows] if pieces == block else found


def on_device(array: Any) -> Tensor:
    """The array as a tensor on the device."""
    return jnp.asarray(array)
