"""The mini-batches of each epoch: their order, changed images and mixed rows, drawn as Regdash draws them."""

from regdash.datasets import shape_of
from regdash.experiment import Experiment
from regdash.export.code.pieces import Constant, Section, indented
from regdash.regularizers import Cutout, ImageFlip, ImageRotation, ImageShift, InputNoise, Mixup

IMAGES = (ImageShift, ImageFlip, ImageRotation, Cutout)


def batches_section(experiment: Experiment) -> Section:
    """Code that leaves the class Batches: the training rows as keras.Model.fit takes them."""
    r = experiment.regularizer
    whole = not experiment.training.batch_size
    changed = [kind for kind in IMAGES if r(kind).active]
    blocks = ["\n".join(_augmented(experiment))] if changed else []
    constants = [] if whole else [Constant("BATCH_SIZE", experiment.training.batch_size)]
    if r(ImageShift).active:
        constants.append(Constant("SHIFT", r(ImageShift).pixels, "pixels at most"))
    if r(ImageRotation).active:
        constants.append(Constant("TURN", r(ImageRotation).degrees, "degrees at most"))
    if r(Cutout).active:
        constants.append(Constant("HOLE", r(Cutout).size, "pixels along a side"))
    if r(Mixup).active:
        constants.append(Constant("MIXUP", r(Mixup).alpha))
    blocks.append("\n".join(_batches(experiment, bool(changed), whole)))
    return Section("Batches", _words(experiment), tuple(blocks), tuple(constants))


def _words(experiment: Experiment) -> str:
    active = [kind for kind in (*IMAGES, Mixup) if experiment.regularizer(kind).active]
    words = [f"**{kind.label}.** {kind.help}" for kind in active]
    return " ".join(["The order of the rows in an epoch follows from the seed and the epoch.", *words])


def _batches(experiment: Experiment, changed: bool, whole: bool) -> list[str]:
    r = experiment.regularizer
    size = "len(x_train)" if whole else "BATCH_SIZE"
    new = ["order = np.random.default_rng([SEED, epoch]).permutation(len(x_train))"]
    x = "augmented(x_train[order], epoch)" if changed else "x_train[order]"
    new.append(f"self.x, self.y = {x}, y_train[order]")
    if r(Mixup).active:
        new.append("self.mix(epoch)")
    lines = [
        "class Batches(keras.utils.PyDataset):",
        '    """The training rows in mini-batches, in an order of its own for each epoch."""',
        "",
        "    def __init__(self):",
        "        super().__init__()",
        "        self.draw(epoch=0)",
        "",
        "    def draw(self, epoch):",
        *indented(new, 2).split("\n"),
        "",
        "    def __len__(self):",
        "        return 1" if whole else "        return -(-len(x_train) // BATCH_SIZE)",
        "",
        "    def __getitem__(self, step):",
        f"        rows = slice(step * {size}, (step + 1) * {size})",
        "        return self.x[rows], self.y[rows]",
    ]
    return lines + _mix(experiment) if r(Mixup).active else lines


def _mix(experiment: Experiment) -> list[str]:
    noisy = experiment.regularizer(InputNoise).active
    noise = "            own += INPUT_NOISE * noise.standard_normal(own.shape).astype(np.float32)"
    return [
        "",
        "    def mix(self, epoch):",
        '        """Blend each row and its target with those of another row of its batch."""',
        "        chance = np.random.default_rng([SEED, epoch, 1])",
        *(["        noise = np.random.default_rng([SEED, epoch, 99])"] if noisy else []),
        "        shares = chance.beta(MIXUP, MIXUP, len(self)).astype(np.float32)",
        "        for step, share in enumerate(shares):",
        "            own, targets = self[step]",
        *([noise] if noisy else []),
        "            other = chance.permutation(len(own))",
        "            own[:] = share * own + (1 - share) * own[other]",
        "            targets[:] = share * targets + (1 - share) * targets[other]",
    ]


def _augmented(experiment: Experiment) -> list[str]:
    """A function that changes the images of an epoch; only what is in use."""
    shift, flip, turn, cut = (experiment.regularizer(kind).active for kind in IMAGES)
    lines = [
        f"images = rows.reshape(-1, {', '.join(map(str, shape_of(experiment.data)))})",
        "count, height, width, _ = images.shape",
    ]
    if shift or flip or turn:
        lines += [*_sources(shift, flip, turn), *(_turned() if turn else _moved())]
    if cut:
        lines += _cut("moved" if shift or flip or turn else "images.copy()")
    return [
        "def augmented(rows, epoch):",
        '    """The images of an epoch, changed at random; outside an image all is 0."""',
        *indented([*lines, "return moved.reshape(rows.shape)"]).split("\n"),
    ]


def _sources(shift: bool, flip: bool, turn: bool) -> list[str]:
    """Where each pixel of the new image lies in the old one."""
    grid = "np.mgrid[:height, :width]"
    lines = [f"row, column = {grid}[:, None]  # of each pixel: where it comes from"]
    if shift:
        lines += [
            "drawn = np.random.default_rng([SEED, epoch, 2]).random((count, 2))",
            "moves = np.floor(drawn * (2 * SHIFT + 1)).astype(int) - SHIFT",
            "row, column = row - moves[:, 1, None, None], column - moves[:, 0, None, None]",
        ]
    if turn:
        lines += [
            "drawn = 2 * np.random.default_rng([SEED, epoch, 4]).random((count, 1)) - 1",
            "angle = (drawn * np.deg2rad(TURN)).astype(np.float32)[:, :, None]",
            "y, x = row - (height - 1) / 2, column - (width - 1) / 2",
            "row = np.sin(angle) * x + np.cos(angle) * y + (height - 1) / 2",
            "column = np.cos(angle) * x - np.sin(angle) * y + (width - 1) / 2",
        ]
    if flip:
        lines += [
            "flipped = np.random.default_rng([SEED, epoch, 3]).random((count, 1)) < 0.5",
            "column = np.where(flipped[:, :, None], width - 1 - column, column)",
        ]
    return lines


def _moved() -> list[str]:
    return [
        "row, column = np.broadcast_arrays(row, column)",
        "inside = (0 <= row) & (row < height) & (0 <= column) & (column < width)",
        "places = np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)",
        "moved = images[np.arange(count)[:, None, None], *places] * inside[..., None]",
    ]


def _turned() -> list[str]:
    """Pixels between pixels are interpolated from their four neighbours."""
    return [
        "top, left = np.floor(row).astype(int), np.floor(column).astype(int)",
        "moved = np.zeros_like(images)",
        "for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):  # the four neighbours of each place",
        "    share = (1 - np.abs(row - top - i)) * (1 - np.abs(column - left - j))",
        "    inside = (0 <= top + i) & (top + i < height) & (0 <= left + j) & (left + j < width)",
        "    places = np.clip(top + i, 0, height - 1), np.clip(left + j, 0, width - 1)",
        "    found = images[np.arange(count)[:, None, None], *places]",
        "    moved += (share * inside)[..., None].astype(np.float32) * found",
    ]


def _cut(start: str) -> list[str]:
    lines = [] if start == "moved" else [f"moved = {start}"]
    return [
        *lines,
        "centre = np.random.default_rng([SEED, epoch, 5]).random((count, 2), dtype=np.float32)",
        "left, top = (np.floor(centre * (width, height)) - HOLE // 2).astype(int).T",
        "for image, i, j in zip(moved, top, left):",
        "    image[max(i, 0) : max(i + HOLE, 0), max(j, 0) : max(j + HOLE, 0)] = 0",
    ]
