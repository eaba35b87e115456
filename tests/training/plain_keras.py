"""The same experiment with an ordinary keras.Model and Keras' own parts: the peer of the engine's curves."""

import numpy as np

from regdash.api import L1, L2, WeightDecay, samples
from regdash.datasets import shape_of
from regdash.networks import Hooks, build
from regdash.optimizers import ReduceOnPlateau
from regdash.regularizers import (
    ActivityL1,
    ActivityL2,
    Cutout,
    ElasticNet,
    GradientClipping,
    GroupLasso,
    ImageFlip,
    ImageRotation,
    ImageShift,
    LabelSmoothing,
    MaxNorm,
    Mixup,
    UnitNorm,
)
from regdash.regularizers.images import augmented
from regdash.training.backend import keras, ops


def column(y):
    return y[:, None]


def one_hot(rows, y):
    return np.eye(rows.outputs, dtype=np.float32)[y.astype(int)] if rows.task == "multiclass" else y[:, None]


class GroupNorm(keras.regularizers.Regularizer):
    """strength * sum over inputs of the length of all weights that leave one."""

    def __init__(self, strength):
        self.strength = strength

    def __call__(self, kernel):
        axes = (*range(len(kernel.shape) - 2), len(kernel.shape) - 1)
        return self.strength * ops.sum(ops.sqrt(ops.sum(ops.square(kernel), axis=axes)))


def penalised(experiment, layer):
    """Give a layer's kernel Keras' own penalties and constraints."""
    r = experiment.regularizer
    parts = [
        keras.regularizers.L1L2(r(L1).l1 + r(ElasticNet).l1, r(L2).l2 + r(ElasticNet).l2),
        *([GroupNorm(r(GroupLasso).strength)] if r(GroupLasso).active else []),
    ]
    layer.kernel.regularizer = lambda kernel: sum(part(kernel) for part in parts)
    axes = list(range(len(layer.kernel.shape) - 1))
    if r(MaxNorm).active:
        layer.kernel.constraint = keras.constraints.MaxNorm(r(MaxNorm).max_value, axis=axes)
    if r(UnitNorm).active:
        layer.kernel.constraint = keras.constraints.UnitNorm(axis=axes)


def hooks(experiment):
    """Keras' activity regulariser at every hidden place."""
    first, second = (experiment.regularizer(kind).strength for kind in (ActivityL1, ActivityL2))

    def station(x, place):
        return keras.layers.ActivityRegularization(l1=first, l2=second)(x) if place and (first or second) else x

    return Hooks(station)


def keras_curves(experiment):
    """Train on the same rows in the same order; curves, and the final weights in the order of `model.weights`."""
    rows = samples(experiment.data, experiment.split)
    seed, batch = experiment.training.seed, experiment.training.batch_size or len(rows.train)
    shape = shape_of(experiment.data)
    model = build(experiment.network, keras, shape, rows.outputs, seed, hooks=hooks(experiment))
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            penalised(experiment, layer)
    smoothing = experiment.regularizer(LabelSmoothing).smoothing
    losses = keras.losses
    loss, plain = {
        "binary": [losses.BinaryCrossentropy(from_logits=True, label_smoothing=s) for s in (smoothing, 0.0)],
        "multiclass": [losses.CategoricalCrossentropy(from_logits=True, label_smoothing=s) for s in (smoothing, 0.0)],
        "regression": [losses.MeanSquaredError()] * 2,
    }[rows.task]
    model.compile(_optimizer(experiment), loss)
    plateau = _plateau(experiment, model)
    curves = {"loss": [], "val_loss": [], "running_loss": []}
    targets = one_hot(rows, rows.train.y)
    for epoch in range(experiment.training.epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(rows.train))
        x, y = _drawn(experiment, shape, epoch, rows.train.x[order], targets[order], batch)
        history = model.fit(x, y, batch_size=batch, epochs=1, shuffle=False, verbose=0)
        curves["running_loss"].append(history.history["loss"][0])
        for name, part in (("loss", rows.train), ("val_loss", rows.validation)):
            curves[name].append(float(plain(one_hot(rows, part.y), model.predict_on_batch(part.x))))
        if plateau:
            plateau.on_epoch_end(epoch, {"val_loss": curves["val_loss"][-1]})
    return curves, [ops.convert_to_numpy(v) for v in model.weights], model


def _optimizer(experiment):
    decay, clipping = experiment.regularizer(WeightDecay), experiment.regularizer(GradientClipping)
    rate = experiment.schedule.to_keras(keras, experiment.optimizer.learning_rate)
    optimizer = experiment.optimizer.to_keras(keras, rate, weight_decay=decay.weight_decay or None)
    if decay.active and not decay.biases:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    for name in ("clipnorm", "clipvalue", "global_clipnorm"):
        if getattr(clipping, name):
            setattr(optimizer, name, getattr(clipping, name))
    return optimizer


def _plateau(experiment, model):
    if not isinstance(experiment.schedule, ReduceOnPlateau):
        return None
    callback = experiment.schedule.to_keras_callback(keras, experiment.optimizer.learning_rate)
    callback.set_model(model)
    callback.on_train_begin()
    return callback


def _drawn(experiment, shape, epoch, x, y, batch):
    """What the host draws for an epoch: changed images and mixed rows."""
    seed, r = experiment.training.seed, experiment.regularizer
    warps = [r(kind) for kind in (ImageShift, ImageFlip, ImageRotation, Cutout)]
    if any(each.active for each in warps):
        shift, flip, angle, cut = (
            w.draw(np.random.default_rng([seed, epoch, 2 + k]), len(x)) for k, w in enumerate(warps)
        )
        images = augmented(x.reshape(-1, *shape), shift, flip[:, 0], angle[:, 0], cut, np)
        x = images.reshape(len(x), -1).astype(np.float32)
    if r(Mixup).active:
        chance = np.random.default_rng([seed, epoch, 1])
        starts = range(0, len(x), batch)
        share = r(Mixup).weights(chance, len(starts))
        pieces = []
        for lam, start in zip(share, starts, strict=True):
            a, b = x[start : start + batch], y[start : start + batch]
            partner = chance.permutation(len(a))
            pieces.append([lam * part + (1 - lam) * part[partner] for part in (a, b)])
        x, y = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return x, y
