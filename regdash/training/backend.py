"""Where the engine meets a framework: TensorFlow by default, JAX when REGDASH_BACKEND or KERAS_BACKEND says so.

Everything else of the engine is written against `ops` (keras.ops) and the names below, which both files define.
"""

import os
from typing import TYPE_CHECKING

from regdash.errors import RegdashError
from regdash.settings import backend_named

CHOSEN = backend_named(os.environ)
os.environ["KERAS_BACKEND"] = CHOSEN

if TYPE_CHECKING or CHOSEN == "tensorflow":
    from regdash.training.on_tensorflow import (
        CONVOLVES_BY_PRODUCTS,
        EPOCHS_AT_ONCE,
        LANES,
        LARGEST_PART,
        Spec,
        Tensor,
        Tree,
        capacity,
        compiled,
        device,
        either,
        first,
        in_blocks,
        kept,
        keras,
        looks_of,
        normals,
        on_device,
        ops,
        over_members,
        padded,
        repeat,
        repeat_and_keep,
        smaller,
        split,
        traces,
        value_and_gradient,
        versions,
    )
else:
    try:
        from regdash.training.on_jax import (
            CONVOLVES_BY_PRODUCTS,
            EPOCHS_AT_ONCE,
            LANES,
            LARGEST_PART,
            Spec,
            Tensor,
            Tree,
            capacity,
            compiled,
            device,
            either,
            first,
            in_blocks,
            kept,
            keras,
            looks_of,
            normals,
            on_device,
            ops,
            over_members,
            padded,
            repeat,
            repeat_and_keep,
            smaller,
            split,
            traces,
            value_and_gradient,
            versions,
        )
    except ModuleNotFoundError as missing:
        if missing.name not in ("jax", "jaxlib"):
            raise
        raise RegdashError(
            "The backend jax needs JAX, which is not installed. Run: pip install 'regdash[jax]'; "
            "or set REGDASH_BACKEND=tensorflow."
        ) from None

__all__ = [
    "CONVOLVES_BY_PRODUCTS",
    "EPOCHS_AT_ONCE",
    "LANES",
    "LARGEST_PART",
    "Spec",
    "Tensor",
    "Tree",
    "capacity",
    "compiled",
    "device",
    "either",
    "first",
    "in_blocks",
    "kept",
    "keras",
    "looks_of",
    "normals",
    "on_device",
    "ops",
    "over_members",
    "padded",
    "repeat",
    "repeat_and_keep",
    "smaller",
    "split",
    "traces",
    "value_and_gradient",
    "versions",
]
