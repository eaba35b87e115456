"""What the image regularisers do to images, given their draws."""

from typing import Any

import numpy as np


def augmented(x: Any, shift: Any, flip: Any, angle: Any, cut: Any, ops: Any) -> Any:
    """Mirror each image, turn it about its centre, shift it and cut a square out of it, in this order.

    x [..., H, W, C]; shift [..., 2] = pixels (right, down); flip [...] = 1 to mirror left to right; angle [...] in
    radians, anticlockwise; cut [..., 3] = the square's centre (across, down) as shares of the width and the height,
    and its side in pixels. Pixels between pixels are interpolated from their four neighbours (bilinear) and all is 0
    outside the image; mirroring, whole shifts and the angle 0 are exact. `ops` is numpy or keras.ops.
    """
    height, width, channels = (int(size) for size in x.shape[-3:])
    down, across = (part.astype(np.float32) for part in np.divmod(np.arange(height * width), width))
    pixels = ops.reshape(x, (*ops.shape(x)[:-3], height * width, channels))
    from_down, from_across = _sources(down, across, shift, flip, angle, (height, width), ops)
    moved = _interpolated(pixels, from_down, from_across, (height, width), ops)
    hidden = _square(down, across, cut, (height, width), ops)[..., None]
    return ops.reshape(ops.where(hidden, ops.zeros_like(moved), moved), ops.shape(x))


def _sources(
    down: Any, across: Any, shift: Any, flip: Any, angle: Any, size: tuple[int, int], ops: Any
) -> tuple[Any, Any]:
    """Where each pixel of the new image lies in the old one: (row, column), [..., P] each."""
    middle_down, middle_across = (size[0] - 1) / 2, (size[1] - 1) / 2
    x = across - middle_across - shift[..., 0:1]
    y = down - middle_down - shift[..., 1:2]
    cos, sin = ops.cos(angle)[..., None], ops.sin(angle)[..., None]
    column = cos * x - sin * y + middle_across
    row = sin * x + cos * y + middle_down
    return row, ops.where(flip[..., None] > 0.5, size[1] - 1 - column, column)


def _interpolated(pixels: Any, row: Any, column: Any, size: tuple[int, int], ops: Any) -> Any:
    """The colours [..., P, C] at places [..., P] between the pixels [..., H * W, C]."""
    top, left = ops.floor(row), ops.floor(column)
    total = 0.0
    for i, share_down in ((top, 1 - (row - top)), (top + 1, row - top)):
        for j, share_across in ((left, 1 - (column - left)), (left + 1, column - left)):
            inside = (i >= 0) & (i < size[0]) & (j >= 0) & (j < size[1])
            share = ops.where(inside, share_down * share_across, ops.zeros_like(row))
            place = ops.clip(i, 0, size[0] - 1) * size[1] + ops.clip(j, 0, size[1] - 1)
            found = ops.take_along_axis(pixels, ops.array(place, dtype="int32")[..., None], axis=-2)
            total = total + share[..., None] * found
    return total


def _square(down: Any, across: Any, cut: Any, size: tuple[int, int], ops: Any) -> Any:
    """Which pixels [..., P] lie in the square of each image."""
    side = cut[..., 2:3]
    left = ops.floor(cut[..., 0:1] * size[1]) - ops.floor(side / 2)
    top = ops.floor(cut[..., 1:2] * size[0]) - ops.floor(side / 2)
    return (across >= left) & (across < left + side) & (down >= top) & (down < top + side)
