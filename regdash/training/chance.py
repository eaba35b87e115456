"""The random numbers of a block of steps: drawn on the device, the same for members with equal seeds."""

from math import prod

from regdash.regularizers import AlphaDropout, GaussianDropout, InputNoise, SpatialDropout
from regdash.training import backend
from regdash.training.backend import Tensor, Tree, ops
from regdash.training.form import Form
from regdash.training.models import Models

DROPOUT, GAUSSIAN, SPATIAL, ALPHA, NOISE, ENTRY = range(6)  # each purpose has a stream of its own
MOST_BLOCKS, MOST_EPOCHS = 2**16, 2**11
BLOCK_NUMBERS = 2**18  # of one member, drawn at once


class Chance:
    """Draws what the stations of a form need, for [R, K, B] rows of a block of K steps."""

    def __init__(self, form: Form, models: Models) -> None:
        self.form = form
        self.models = models
        self.hidden = sum(models.hidden_widths)
        self.entry = form.features if 0 in models.masked else 0

    def block_steps(self, steps: Tensor, batch: Tensor) -> Tensor:
        """K: as many steps as need about BLOCK_NUMBERS random numbers, whatever is in use."""
        numbers = self.hidden + self.form.features
        most = max(BLOCK_NUMBERS // max(numbers * (self.form.batch_size or 1024), 1), 1)
        return backend.smaller(steps, most)

    def draw(self, members: Tree, epoch: Tensor, block: Tensor, shape: tuple[Tensor, Tensor]) -> Tree:
        """What the training model takes besides the rows: arrays [R, K, B, ...]; shape is (K, B)."""
        found = {}
        if self.models.masked:
            found["multiplier"] = self._multiplier(members, epoch, block, shape)
        if self.form.uses(AlphaDropout):
            found["multiplier"], found["shift"] = self._alpha(members, epoch, block, shape, found["multiplier"])
        if self.form.uses(InputNoise):
            found["noise"] = backend.normals(
                members["seed"], self._turn(NOISE, block, epoch), (*shape, self.form.features)
            )
        return found

    @staticmethod
    def _turn(purpose: int, block: Tensor, epoch: Tensor) -> Tensor:
        return (purpose * MOST_BLOCKS + block) * MOST_EPOCHS + epoch

    def _multiplier(self, members: Tree, epoch: Tensor, block: Tensor, shape: tuple[Tensor, Tensor]) -> Tensor:
        """Inverted dropout: 0 with the rate of the place, else 1 / (1 - rate); times that of other kinds of dropout."""
        rates = members["rates"]
        first = 1 if self.entry else 0
        hidden = rates[:, first:], self.models.hidden_widths
        pieces = [self._dropped(members, self._turn(DROPOUT, block, epoch), *hidden, shape)] if self.hidden else []
        if self.entry:
            entry = rates[:, :1], [self.entry]
            pieces.insert(0, self._dropped(members, self._turn(ENTRY, block, epoch), *entry, shape))
        multiplier = ops.concatenate(pieces, axis=-1) if len(pieces) > 1 else pieces[0]
        if self.form.uses(GaussianDropout):
            multiplier = multiplier * self._gaussian(members, epoch, block, shape)
        if self.form.uses(SpatialDropout):
            multiplier = multiplier * self._spatial(members, epoch, block, shape)
        return multiplier

    @staticmethod
    def _dropped(members: Tree, turn: Tensor, rates: Tensor, widths: list[int], shape: tuple[Tensor, Tensor]) -> Tensor:
        """The inverted mask [R, K, B, U] of places with these widths; ones while no member drops anything."""
        columns = [ops.repeat(rates[:, place : place + 1], width, axis=1) for place, width in enumerate(widths)]
        each = ops.concatenate(columns, axis=1)[:, None, None, :]
        wide = (*shape, sum(widths))
        return backend.either(
            ops.any(rates > 0),
            lambda: ops.cast(backend.kept(members["seed"], turn, each, wide), "float32") * (1 / (1 - each)),
            lambda: ops.ones((ops.shape(rates)[0], *wide)),
        )

    def _gaussian(self, members: Tree, epoch: Tensor, block: Tensor, shape: tuple[Tensor, Tensor]) -> Tensor:
        normal = backend.normals(members["seed"], self._turn(GAUSSIAN, block, epoch), (*shape, self.hidden))
        return self._with_entry(
            GaussianDropout.multiplier(normal, _number(members, GaussianDropout.name), ops), self.entry
        )

    def _spatial(self, members: Tree, epoch: Tensor, block: Tensor, shape: tuple[Tensor, Tensor]) -> Tensor:
        """One draw for each channel of an image; units of dense layers are left alone."""
        places = self.models.stations[1:]
        channels = [place[-1] if len(place) > 1 else 0 for place in places]
        if not sum(channels):
            return 1.0
        rate = _number(members, SpatialDropout.name)
        kept = backend.kept(members["seed"], self._turn(SPATIAL, block, epoch), rate, (*shape, sum(channels)))
        whole = SpatialDropout.multiplier(ops.cast(kept, "float32"), rate, ops)
        pieces, begin = [], 0
        for place, count in zip(places, channels, strict=True):
            if count:
                piece = whole[..., begin : begin + count]
                pieces.append(ops.tile(piece, [1, 1, 1, prod(place[:-1])]))  # row by row, the channel runs fastest
                begin += count
            else:
                pieces.append(ops.ones_like(whole[..., :1]) * ops.ones((place[0],)))
        return self._with_entry(ops.concatenate(pieces, axis=-1), self.entry)

    def _alpha(
        self, members: Tree, epoch: Tensor, block: Tensor, shape: tuple[Tensor, Tensor], multiplier: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The m and c of x * m + c, which keep mean and variance of self-normalising activations."""
        rate = _number(members, AlphaDropout.name)
        kept = backend.kept(members["seed"], self._turn(ALPHA, block, epoch), rate, (*shape, self.hidden))
        m, c = AlphaDropout.affine(ops.cast(kept, "float32"), rate, ops)
        return multiplier * self._with_entry(m, self.entry), c

    @staticmethod
    def _with_entry(hidden: Tensor, entry: int) -> Tensor:
        """The numbers of the hidden places with ones for the input in front, where the input is masked too."""
        if not entry:
            return hidden
        return ops.concatenate([ops.ones_like(hidden[..., :1]) * ops.ones((entry,)), hidden], axis=-1)


def _number(members: Tree, name: str) -> Tensor:
    return members["numbers"][name][:, :, None, None]
