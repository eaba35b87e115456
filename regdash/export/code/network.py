"""The network as Keras layers with the initial weights, penalties and noise of an experiment."""

from regdash.datasets import shape_of
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.export.code.bodies import BODIES, Body
from regdash.export.code.penalties import Held, held_by
from regdash.export.code.pieces import INDENT, Section, call, joined
from regdash.export.code.places import places_of

INITIALIZERS = {
    "glorot_uniform": "GlorotUniform({})",
    "glorot_normal": "GlorotNormal({})",
    "he_uniform": "HeUniform({})",
    "he_normal": "HeNormal({})",
    "lecun_normal": "LecunNormal({})",
    "unit_normal": "RandomNormal(0.0, 1.0, {})",
    "zeros": "Zeros()",
}
NORMALIZATIONS = {"batch": "BatchNormalization()", "layer": "LayerNormalization()"}


def network_section(experiment: Experiment) -> Section:
    """Code that leaves `model`, a keras.Model from rows [N, F] to logits or values [N, O]."""
    network = experiment.network
    if type(network) not in BODIES:
        raise RegdashError(f"{network.label} cannot be written as code yet; choose another network.")
    places, held = places_of(experiment), held_by(experiment)
    body: Body = BODIES[type(network)](network, places, shape_of(experiment.data))
    blocks = [*held.blocks, *_kernels(network.initializer, held, "convolution(" in joined(body.blocks))]  # type: ignore[attr-defined]
    if "bent(" in joined(body.blocks):
        blocks.append(_bent(network.activation, network.normalization))  # type: ignore[attr-defined]
    outputs = "CLASSES" if experiment.data.classes > 2 else "1"
    end = [f"outputs = dense({outputs})({body.last})", "model = keras.Model(entry, outputs)"]
    begin = ["entry = keras.Input(x_train.shape[1:])", *places.entry]
    lines = [*begin, *body.lines]
    if lines[-1] == "x = entry":  # a linear network
        lines, end[0] = lines[:-1], end[0].replace("(x)", "(entry)")
    return Section(
        "Network",
        f"**{network.label}.** {network.help}",
        (*blocks, *places.blocks, *body.blocks[:-1], "\n".join([*lines, *end])),
        (*body.constants, *places.constants, *held.constants),
    )


def _kernels(initializer: str, held: Held, convolves: bool) -> list[str]:
    """Functions that make layers with a kernel."""
    blocks = []
    if initializer != "zeros":
        blocks.append("kernel_seeds = itertools.count(100 * SEED + 1)  # each kernel is drawn from its own")
    drawn = "keras.initializers." + INITIALIZERS[initializer].format("next(kernel_seeds)")
    given = f"kernel_initializer={drawn}"
    held_so = " and what holds its weights" if held.penalties or held.constraints else ""
    dense = call("return layers.Dense(", ["units", given, *held.options("0"), "**options"], indent=1)
    blocks.append(_function("dense(units, **options)", f"A dense layer with its initial weights{held_so}.", dense))
    if convolves:
        arguments = ["filters", "size", 'padding="same"', given, *held.options("[0, 1, 2]"), "**options"]
        text = f"A convolution with its initial weights{held_so}."
        made = call("return layers.Conv2D(", arguments, indent=1)
        blocks.append(_function("convolution(filters, size, **options)", text, made))
    return blocks


def _function(head: str, text: str, body: str) -> str:
    return f'def {head}:\n{INDENT}"""{text}"""\n{body}'


def _bent(activation: str, normalization: str) -> str:
    norm = f"{INDENT}x = layers.{NORMALIZATIONS[normalization]}(x)\n" if normalization != "none" else ""
    text = "Normalised, and then the bend." if norm else "The bend."
    return _function("bent(x)", text, f'{norm}{INDENT}return layers.Activation("{activation}")(x)')
