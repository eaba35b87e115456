"""The pieces that the networks are drawn from: ordinary Keras layers with seeds and names of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from regdash.networks.build import Hooks, initializers


@dataclass(frozen=True)
class Drawing:
    """One drawing of a network: draws layers with `keras`, each kernel from the next initialiser."""

    keras: Any
    hooks: Hooks
    kernels: Iterator[Any]
    activation: str = "linear"
    normalization: str = "none"

    def dense(self, x: Any, units: int, name: str, activation: str | None = None, **facts: Any) -> Any:
        """The product x W + b, with W [I, O]."""
        kernel = next(self.kernels)
        return self.keras.layers.Dense(units, activation, kernel_initializer=kernel, name=name, **facts)(x)

    def convolution(
        self, x: Any, filters: int, size: int, name: str, activation: str | None = None, stride: int = 1
    ) -> Any:
        """The kernel [size, size, I, O] moved over the image in steps of `stride`; zeros outside ("same")."""
        return self.keras.layers.Conv2D(
            filters,
            size,
            strides=stride,
            padding="same",
            activation=activation,
            kernel_initializer=next(self.kernels),
            name=name,
        )(x)

    def hidden(self, x: Any, units: int, number: int) -> Any:
        """Hidden layer `number` of a chain: see `unit`."""
        return self.unit(x, units, f"hidden_{number}")

    def unit(self, x: Any, units: int, name: str) -> Any:
        """A dense layer, its normalisation and its bend."""
        if self.normalization == "none":
            return self.dense(x, units, name, self.activation)
        return self.bent(self.dense(x, units, name), name)

    def bent(self, x: Any, name: str) -> Any:
        """f(norm(x)), as two layers named after the place."""
        return self.keras.layers.Activation(self.activation, name=f"{name}_activation")(self.normalized(x, name))

    def normalized(self, x: Any, name: str) -> Any:
        """norm(x), or x itself without normalisation."""
        if self.normalization == "batch":
            return self.hooks.normalize(self.keras.layers.BatchNormalization(name=f"{name}_normalization"), x)
        if self.normalization == "layer":
            return self.keras.layers.LayerNormalization(name=f"{name}_normalization")(x)
        return x


def drawing(
    keras: Any, hooks: Hooks, seed: int, initializer: str, activation: str = "linear", normalization: str = "none"
) -> Drawing:
    """A drawing whose kernel k starts from the initialiser with `layer_seed(seed, k)`."""
    return Drawing(keras, hooks, initializers(keras, initializer, seed), activation, normalization)
