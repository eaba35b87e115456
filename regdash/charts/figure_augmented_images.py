"""What augmentation makes of images: the same digits, changed anew in every epoch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.datasets import Digits
from regdash.intervals import Array
from regdash.params import param
from regdash.regularizers import Cutout, ImageFlip, ImageRotation, ImageShift, InputNoise, augmented

NAME, TITLE = "augmented_images", "Images as training sees them"
CLASSES = (3, 7, 2, 5, 4, 9)
EPOCHS, SIDE, GAP = 3, 8, 1
MOST_PIXELS, MOST_DEGREES, MOST_CUT, MOST_NOISE = 4, 45.0, 8, 1.0


@dataclass(frozen=True)
class AugmentedImages:
    """What is done to the images, and how much."""

    kind: str = param(
        "rotation",
        "What is done",
        "Move each image, turn it, mirror it, cut a square out of it, or add noise to its pixels.",
        choices=("shift", "rotation", "flip", "cutout", "noise"),
    )
    amount: float = param(
        0.4,
        "How much",
        "A share of the most: 4 pixels of shift, 45 degrees, a square of 8 pixels, noise as strong as the ink. "
        "Mirroring is either off (0) or on.",
        low=0.0,
        high=1.0,
        step=0.05,
    )
    seed: int = param(0, "Seed", "Another number draws other changes.", low=0, high=99)


@dataclass(frozen=True)
class ImagesData:
    """Digits [EPOCHS + 1, N, 8, 8] from 0 (paper) to 1 (ink), as they are and in each epoch, and what was done."""

    settings: AugmentedImages
    images: Array
    done: str


def read_augmented_images(settings: AugmentedImages) -> ImagesData:
    """Each image with the draws of each epoch, by the functions that training uses."""
    images = _digits()
    changed = [_changed(images, settings, np.random.default_rng([settings.seed, epoch])) for epoch in range(EPOCHS)]
    return ImagesData(settings, np.stack([images, *changed]), _words(settings))


def draw_augmented_images(data: ImagesData, theme: Theme) -> Drawing:
    """A row of images as they are, and a row for each epoch."""
    colours = PALETTES[theme]
    sheet = {
        "type": "heatmap",
        "uid": "images",
        "z": _sheet(data.images),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, colours.grid], [1, colours.text]],
        "showscale": False,
        "hovertemplate": "ink %{z:.2f}<extra></extra>",
        "hoverongaps": False,
    }
    pitch = SIDE + GAP
    names = ["as it is", *(f"epoch {epoch}" for epoch in range(1, EPOCHS + 1))]
    places = [(SIDE - 1) / 2 + row * pitch for row in range(EPOCHS + 1)]
    plain_axis = {"showgrid": False, "showline": False, "ticks": "", "zeroline": False}
    return figure(
        theme,
        NAME,
        TITLE,
        [sheet],
        xaxis=plain_axis | {"showticklabels": False, "title": {"text": data.done}, "constrain": "domain"},
        yaxis=plain_axis
        | {"tickvals": places, "ticktext": names, "autorange": "reversed", "scaleanchor": "x", "constrain": "domain"},
        hovermode="closest",
    )


def alt_augmented_images(data: ImagesData) -> str:
    """What the chart shows, for people who do not see it."""
    return (
        f"Six handwritten digits and what three epochs make of them: {data.done}. A pixel changes by "
        f"{facts_augmented_images(data)['changed']:.2g} of full ink on average; the label stays the same."
    )


def facts_augmented_images(data: ImagesData) -> Mapping[str, float]:
    """By how much a pixel changes on average, as a share of full ink."""
    return {"changed": float(np.mean(np.abs(data.images[1:] - data.images[0])))}


def _digits() -> Array:
    """The first digit of each of the classes, [N, 8, 8]."""
    found = Digits().points(0)
    rows = [int(np.argmax(np.asarray(found.targets) == digit)) for digit in CLASSES]
    return np.asarray(found.inputs, np.float32)[rows].reshape(-1, SIDE, SIDE) / np.float32(16)


def _changed(images: Array, settings: AugmentedImages, chance: np.random.Generator) -> Array:
    """The images [N, 8, 8] of one epoch."""
    kind, amount, rows = settings.kind, settings.amount, len(images)
    if kind == "noise":
        normal = chance.standard_normal(images.shape)
        return np.asarray(InputNoise.noisy(images, normal, MOST_NOISE * amount, np))
    shift = ImageShift(round(MOST_PIXELS * amount) if kind == "shift" else 0).draw(chance, rows)
    flip = ImageFlip(kind == "flip" and amount > 0).draw(chance, rows)
    angle = ImageRotation(MOST_DEGREES * amount if kind == "rotation" else 0.0).draw(chance, rows)
    cut = Cutout(round(MOST_CUT * amount) if kind == "cutout" else 0).draw(chance, rows)
    return np.asarray(augmented(images[..., None], shift, flip[:, 0], angle[:, 0], cut, np))[..., 0]


def _words(settings: AugmentedImages) -> str:
    amount = settings.amount
    return {
        "shift": f"moved by up to {round(MOST_PIXELS * amount)} pixels",
        "rotation": f"turned by up to {MOST_DEGREES * amount:.3g} degrees",
        "flip": "mirrored or not, by the toss of a coin" if amount else "not mirrored",
        "cutout": f"a square of {round(MOST_CUT * amount)} pixels cut out",
        "noise": f"noise with a standard deviation of {MOST_NOISE * amount:.2g}",
    }[settings.kind]


def _sheet(images: Array) -> list[list[float | None]]:
    """The images [K, N, 8, 8] side by side and below each other, with gaps between them."""
    pitch = SIDE + GAP
    sheet = np.full((images.shape[0] * pitch - GAP, images.shape[1] * pitch - GAP), np.nan)
    for row, column in np.ndindex(images.shape[:2]):
        top, left = row * pitch, column * pitch
        sheet[top : top + SIDE, left : left + SIDE] = images[row, column]
    return [[None if np.isnan(value) else round(float(value), 3) for value in row] for row in sheet]


AUGMENTED_IMAGES = Figure(
    NAME,
    TITLE,
    AugmentedImages,
    read_augmented_images,
    draw_augmented_images,
    alt_augmented_images,
    facts_augmented_images,
    ("changed",),
    290,
)
