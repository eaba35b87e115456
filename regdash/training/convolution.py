"""A convolution as a product of matrices, for a framework that has a slow one, or none for kernels of many members."""

from typing import Any

from regdash.training.backend import Tensor, keras, ops


def as_products(model: Any) -> None:
    """Let the convolutions of a keras.Model be products: the same numbers but for rounding."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.convolution_op = _product(layer.strides, layer.padding)


def _product(strides: tuple[int, int], padding: str) -> Any:
    def convolved(x: Tensor, kernel: Tensor) -> Tensor:
        """Images x [N, H, W, I] under a kernel [h, w, I, O]: patches [N, H', W', h * w * I] times [h * w * I, O]."""
        *size, channels, filters = (int(length) for length in kernel.shape)
        places = [_places(int(n), k, s, padding) for n, k, s in zip(x.shape[1:3], size, strides, strict=True)]
        x = ops.pad(x, [(0, 0), *(before_after for _, before_after in places), (0, 0)])
        ends = [(count - 1) * step + 1 for (count, _), step in zip(places, strides, strict=True)]
        seen = [
            x[:, i : i + ends[0] : strides[0], j : j + ends[1] : strides[1]]
            for i in range(size[0])
            for j in range(size[1])
        ]
        patches = ops.concatenate(seen, axis=-1) if len(seen) > 1 else seen[0]
        return ops.matmul(patches, ops.reshape(kernel, (size[0] * size[1] * channels, filters)))

    return convolved


def _places(length: int, size: int, step: int, padding: str) -> tuple[int, tuple[int, int]]:
    """How many places a window takes along an axis, and the zeros before and after it, as Keras counts them."""
    if padding == "valid":
        return (length - size) // step + 1, (0, 0)
    count = -(-length // step)
    zeros = max((count - 1) * step + size - length, 0)
    return count, (zeros // 2, zeros - zeros // 2)
