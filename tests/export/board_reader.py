"""TensorBoard's own reader, without TensorFlow."""

import io
import sys
import zipfile
from types import ModuleType

sys.modules.setdefault("tensorboard.compat.notf", ModuleType("notf"))  # TensorBoard then takes its small stand-in

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator  # noqa: E402
from tensorboard.plugins.hparams import plugin_data_pb2  # noqa: E402


def unpacked(data, folder):
    """Put the files of an archive into a folder."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)


def opened(folder):
    """What TensorBoard reads from the event files of a folder."""
    found = EventAccumulator(str(folder), size_guidance={"scalars": 0, "histograms": 0, "tensors": 0})
    return found.Reload()


def hparams(folder):
    """The records of the HParams page that the event files of a folder hold, by tag."""
    contents = opened(folder).summary_metadata
    return {
        tag.removeprefix("_hparams_/"): plugin_data_pb2.HParamsPluginData.FromString(data.plugin_data.content)
        for tag, data in contents.items()
        if tag.startswith("_hparams_/")
    }
