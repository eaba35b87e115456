"""Where the engine meets a framework: TensorFlow by default, JAX when REGDASH_BACKEND or KERAS_BACKEND says so.

Everything else of the engine is written against `ops` (keras.ops) and the functions below, which both files define.
"""

import os

CHOSEN = os.environ.get("REGDASH_BACKEND") or os.environ.get("KERAS_BACKEND") or "tensorflow"
os.environ["KERAS_BACKEND"] = CHOSEN

if CHOSEN == "jax":
    from regdash.training.on_jax import (
        LANES,
        Spec,
        Tensor,
        Tree,
        compiled,
        device,
        either,
        in_blocks,
        kept,
        keras,
        normals,
        on_device,
        ops,
        over_members,
        padded,
        repeat,
        repeat_and_stack,
        smaller,
        split,
        traces,
        value_and_gradient,
        versions,
    )
elif CHOSEN == "tensorflow":
    from regdash.training.on_tensorflow import (
        LANES,
        Spec,
        Tensor,
        Tree,
        compiled,
        device,
        either,
        in_blocks,
        kept,
        keras,
        normals,
        on_device,
        ops,
        over_members,
        padded,
        repeat,
        repeat_and_stack,
        smaller,
        split,
        traces,
        value_and_gradient,
        versions,
    )
else:
    raise ImportError(f"REGDASH_BACKEND must be tensorflow or jax, got {CHOSEN!r}")

__all__ = [
    "LANES",
    "Spec",
    "Tensor",
    "Tree",
    "compiled",
    "device",
    "either",
    "in_blocks",
    "kept",
    "keras",
    "normals",
    "on_device",
    "ops",
    "over_members",
    "padded",
    "repeat",
    "repeat_and_stack",
    "smaller",
    "split",
    "traces",
    "value_and_gradient",
    "versions",
]
