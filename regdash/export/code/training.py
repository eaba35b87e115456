"""How the network is judged after each epoch, and its training."""

from regdash.experiment import Experiment
from regdash.export.code.pieces import Constant, Section, call
from regdash.export.code.schedule import rate_of
from regdash.regularizers import EarlyStopping, LabelSmoothing

LARGE = 2**23  # numbers in the rows of a part, above which they are judged in portions
CURVES = '''
class Curves(keras.callbacks.Callback):
    """Judges the network after each epoch; the callbacks after this one look at the same."""

    def on_epoch_end(self, epoch, logs=None):
        logs["running_loss"] = logs["loss"]  # Keras' own: on the way, with penalties{and_noise}
        logs.update(judged("", x_train, y_train) | judged("val_", x_val, y_val))
        logs["l2_norm"] = sum(np.sum(w**2) for w in kernels()) ** 0.5
        if np.isfinite(logs["loss"] + logs["val_loss"] + logs["l2_norm"]):
            curves.append(dict(logs))
        else:
            self.model.stop_training = True  # it has diverged
'''
KERNELS = '''
def kernels():
    """The weights that penalties act on: biases are left alone."""
    return [w.numpy() for w in model.trainable_weights if w.name == "kernel"]
'''
REORDER = "reorder = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.draw(epoch))"
MONITORS = {"val_loss": "min", "val_accuracy": "max", "val_r2": "max", "loss": "min"}


def training_section(experiment: Experiment) -> Section:
    """Code that trains `model` and leaves `curves`, a row of numbers for each epoch."""
    smoothing = experiment.regularizer(LabelSmoothing).smoothing
    stopping = experiment.regularizer(EarlyStopping)
    callbacks = ["reorder", "Curves()", *rate_of(experiment).callbacks, *(["stopping"] if stopping.active else [])]
    constants = [Constant("LABEL_SMOOTHING", smoothing)] if smoothing else []
    constants += [Constant("PATIENCE", stopping.patience, "epochs without improvement")] if stopping.active else []
    lines = [
        REORDER,
        *_stopping(experiment, stopping),
        call("model.compile(", ["optimizer", _loss(experiment, smoothing)]),
    ]
    arguments = ["batches", "epochs=EPOCHS", f"callbacks=[{', '.join(callbacks)}]", "shuffle=False", "verbose=0"]
    lines.append(call("model.fit(", arguments))
    noisy = " and noise" if any(r.station in ("activations", "inputs") for r in experiment.regularizers) else ""
    curves = CURVES.replace("{and_noise}", noisy)
    blocks = ["\n".join(_judged(experiment)), KERNELS, curves, "curves, batches = [], Batches()"]
    return Section(
        "Training",
        "Both curves are judged after the epoch, with all units on and without the penalty, which `history` and "
        "`val_loss` of Keras include.",
        (*blocks[:-1], "\n".join([blocks[-1], *lines])),
        (*constants, Constant("EPOCHS", experiment.training.epochs)),
    )


def _loss(experiment: Experiment, smoothing: float) -> str:
    more = ", label_smoothing=LABEL_SMOOTHING" if smoothing else ""
    if not experiment.data.classes:
        return "keras.losses.MeanSquaredError()"
    kind = "CategoricalCrossentropy" if experiment.data.classes > 2 else "BinaryCrossentropy"
    return f"keras.losses.{kind}(from_logits=True{more})"


def _judged(experiment: Experiment) -> list[str]:
    """A function that gives the penalty-free loss and the scores of some rows."""
    classes = experiment.data.classes
    rows = getattr(experiment.data, "samples", None) or experiment.data.rows  # type: ignore[attr-defined]
    large = rows * experiment.data.features > LARGE or experiment.network.images
    answers = "model.predict(x, batch_size=500, verbose=0)" if large else "model.predict_on_batch(x)"
    lines = ["def judged(part, x, y):", '    """The data loss and the score of some rows, with all units on."""']
    lines.append(f"    z = {answers}")
    if not classes:
        lines += [
            "    loss = np.mean((z - y) ** 2)",
            "    r2 = 1 - np.sum((z - y) ** 2) / np.sum((y - y.mean()) ** 2)",
            '    return {f"{part}loss": float(loss), f"{part}r2": float(r2)}',
        ]
        return lines
    if classes == 2:
        loss, right = "keras.losses.binary_crossentropy", "(z > 0) == (y > 0.5)"
    else:
        loss, right = "keras.losses.categorical_crossentropy", "z.argmax(axis=1) == y.argmax(axis=1)"
    lines += [
        f"    loss = np.mean({loss}(y, z, from_logits=True))",
        f"    accuracy = np.mean({right})",
        '    return {f"{part}loss": float(loss), f"{part}accuracy": float(accuracy)}',
    ]
    return lines


def _stopping(experiment: Experiment, stopping: EarlyStopping) -> list[str]:
    if not stopping.active:
        return []
    watched = stopping.curve(experiment.data.task)
    arguments = [f'"{watched}"', "patience=PATIENCE", f'mode="{MONITORS[watched]}"']
    arguments += [f"min_delta={stopping.min_delta!r}"] if stopping.min_delta else []
    arguments += [f"start_from_epoch={stopping.start_epoch}"] if stopping.start_epoch else []
    arguments += ["restore_best_weights=True"] if stopping.restore_best else []
    return [call("stopping = keras.callbacks.EarlyStopping(", arguments)]
