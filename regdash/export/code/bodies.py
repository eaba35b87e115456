"""What each network does between its input and its last layer, as lines of code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from regdash.export.code.pieces import Constant
from regdash.export.code.places import Places
from regdash.networks import MLP, Convolutional, Highway, Linear, ResidualConvolutional, ResidualMLP, Shape


@dataclass(frozen=True)
class Body:
    """Lines that go on from x; the last of `blocks` holds them all, those before are functions."""

    lines: tuple[str, ...]
    constants: tuple[Constant, ...] = ()
    functions: tuple[str, ...] = ()
    last: str = "x"

    @property
    def blocks(self) -> tuple[str, ...]:
        return (*self.functions, "\n".join(self.lines))


GATED = '''
def gated(x, filters):
    """Squeeze and excitation: each filter's image times a gate of its own between 0 and 1."""
    gates = layers.GlobalAveragePooling2D()(x)
    gates = dense(max(1, filters // 4), activation="relu")(gates)
    gates = dense(filters, activation="sigmoid")(gates)
    return layers.Multiply()([x, layers.Reshape((1, 1, filters))(gates)])
'''


def _linear(network: Linear, places: Places, inputs: Shape) -> Body:
    return Body(())


def _mlp(network: MLP, places: Places, inputs: Shape) -> Body:
    return Body(_hidden(network, places), (Constant("HIDDEN", network.widths, "units"),))


def _hidden(network: Any, places: Places) -> tuple[str, ...]:
    """Dense layers one after another."""
    lines = [*_unit(network, "x", "dense(units{})(x)"), *places.after("x")]
    return ("for units in HIDDEN:", *_in(lines)) if network.widths else ()


def _unit(network: Any, name: str, layer: str) -> list[str]:
    """A layer, its normalisation and its bend."""
    if network.normalization == "none":
        return [f"{name} = {layer.format(f', activation={_quoted(network.activation)}')}"]
    return [f"{name} = bent({layer.format('')})"]


def _quoted(word: str) -> str:
    return f'"{word}"'


def _in(lines: list[str]) -> tuple[str, ...]:
    return tuple(f"    {line}" for line in lines)


def _convolutional(network: Convolutional, places: Places, inputs: Shape) -> Body:
    pool = {"max": "MaxPooling2D", "average": "AveragePooling2D"}.get(network.pooling)
    lines = _unit(network, "x", f"convolution(filters, {network.kernel_size}{{}})(x)")
    lines += ["x = gated(x, filters)"] if network.squeeze else []
    lines += places.after("x")
    lines += [f'x = layers.{pool}(2, padding="same")(x)'] if pool else []
    convolved = ("for filters in FILTERS:", *_in(lines)) if network.filters else ()
    constants = [Constant("FILTERS", network.filters)] if network.filters else []
    constants += [Constant("HIDDEN", network.widths, "units")] if network.widths else []
    return Body(
        (_reshape(inputs), *convolved, "x = layers.Flatten()(x)", *_hidden(network, places)),
        tuple(constants),
        (GATED,) if network.squeeze and network.filters else (),
    )


def _reshape(inputs: Shape) -> str:
    return f"x = layers.Reshape({inputs})(x)"


def _residual_mlp(network: ResidualMLP, places: Places, inputs: Shape) -> Body:
    block = [
        "change = bent(dense(WIDTH)(bent(x)))",
        *places.after("change"),
        "change = dense(WIDTH)(change)",
        "x = layers.Add()([x, change])  # what came in, and a correction" if network.skip else "x = change",
    ]
    lines = ("x = dense(WIDTH)(x)", "for _ in range(BLOCKS):", *_in(block), "x = bent(x)", *places.after("x"))
    return Body(lines, (Constant("WIDTH", network.width, "units"), Constant("BLOCKS", network.blocks)))


def _residual_convolutional(network: ResidualConvolutional, places: Places, inputs: Shape) -> Body:
    stages = network.filters or (inputs[-1],)
    shrinks = len(stages) > 1
    block = ["strides = 2 if stage and not block else 1  # each later stage halves the image"] if shrinks else []
    strides = ", strides=strides" if shrinks else ""
    block += [
        "before = bent(x)",
        f"change = bent(convolution(filters, 3{strides})(before))",
        *places.after("change"),
        "change = convolution(filters, 3)(change)",
    ]
    if network.skip:
        block += ["if strides == 2:", "    x = convolution(filters, 1, strides=2)(before)"] if shrinks else []
        block.append("x = layers.Add()([x, change])  # what came in, and a correction")
    else:
        block.append("x = change")
    loops = ["for stage, filters in enumerate(FILTERS):", "    for block in range(BLOCKS):"]
    if not shrinks:
        loops = ["for filters in FILTERS:", "    for _ in range(BLOCKS):"]
    lines = (
        _reshape(inputs),
        "x = convolution(FILTERS[0], 3)(x)",
        *loops,
        *(f"        {line}" for line in block),
        "x = layers.GlobalAveragePooling2D()(bent(x))",
        *places.after("x"),
    )
    return Body(lines, (Constant("FILTERS", stages, "of each stage"), Constant("BLOCKS", network.blocks, "per stage")))


def _highway(network: Highway, places: Places, inputs: Shape) -> Body:
    layer = [
        *_unit(network, "transform", "dense(WIDTH{})(x)"),
        "closed = keras.initializers.Constant(GATE_BIAS)",
        'gate = dense(WIDTH, activation="sigmoid", bias_initializer=closed)(x)',
        "change = layers.Multiply()([gate, layers.Subtract()([transform, x])])",
        "x = layers.Add()([x, change])  # gate * transform + (1 - gate) * x",
        *places.after("x"),
    ]
    first = [*_unit(network, "x", "dense(WIDTH{})(x)"), *places.after("x")]
    constants = (
        Constant("WIDTH", network.width, "units"),
        Constant("DEPTH", network.depth, "layers with gates"),
        Constant("GATE_BIAS", network.gate_bias, "below 0 the gates begin nearly closed"),
    )
    return Body((*first, "for _ in range(DEPTH):", *_in(layer)), constants)


BODIES: Mapping[type[Any], Callable[[Any, Places, Shape], Body]] = {
    Linear: _linear,
    MLP: _mlp,
    Convolutional: _convolutional,
    ResidualMLP: _residual_mlp,
    ResidualConvolutional: _residual_convolutional,
    Highway: _highway,
}
