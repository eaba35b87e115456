"""What TensorBoard's HParams page knows of runs: their settings, and which figures stand beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from regdash.experiment import CHOICES, Experiment

PLUGIN = "hparams"
VERSION = 0  # of the plugin's data
MOST_LIKE_A_PLACE = (
    "con",
    "prn",
    "aux",
    "nul",
    "train",
    "validation",
)  # names that mean something to a system or to us
NEVER = ("training.seed", "split.fold")  # a setting's runs differ in them; their folders say which is which


def hyper_parameters(experiments: Sequence[Experiment]) -> list[dict[str, Any]]:
    """Of each experiment what stands in the table: what is no default in one of them, under its name in links."""
    flat = [_flat(experiment) for experiment in experiments]
    usual = _flat(Experiment())
    paths = {path for each in flat for path, value in each.items() if "." not in path or value != usual.get(path)}
    return [{path: _plain(value) for path, value in each.items() if path in paths} for each in flat]


def _flat(experiment: Experiment) -> dict[str, Any]:
    kinds = {place: experiment.parts[place].name for place, allowed in CHOICES.items() if len(allowed) > 1}
    return kinds | {path: value for path, value in experiment.values.items() if path not in NEVER}


def _plain(value: Any) -> Any:
    return "-".join(map(str, value)) if isinstance(value, tuple) else value


def experiment_summary(shared: Sequence[Mapping[str, Any]], figures: Sequence[str], now: float) -> Any:
    """The description of the whole directory: every hyper-parameter with its type, every figure."""
    from tensorboardX.proto.api_pb2 import DataType, Experiment, HParamInfo, MetricInfo, MetricName

    kinds: dict[str, str] = {}
    for path, value in ((path, value) for each in shared for path, value in each.items()):
        kinds.setdefault(path, _kind(value))
    return _summary(
        "experiment",
        experiment=Experiment(
            name="Regdash",
            time_created_secs=now,
            hparam_infos=[HParamInfo(name=path, type=DataType.Value(kind)) for path, kind in kinds.items()],
            metric_infos=[MetricInfo(name=MetricName(tag=tag)) for tag in figures],
        ),
    )


def session_start(chosen: Mapping[str, Any], group: str, run_id: str, start: float) -> Any:
    """The beginning of a run with its settings; runs of one group are shown as their mean."""
    from tensorboardX.proto.plugin_hparams_pb2 import SessionStartInfo

    info = SessionStartInfo(group_name=group, monitor_url=f"regdash:{run_id}", start_time_secs=start)
    for path, value in chosen.items():
        if isinstance(value, bool):
            info.hparams[path].bool_value = value
        elif isinstance(value, (int, float)):
            info.hparams[path].number_value = value
        else:
            info.hparams[path].string_value = str(value)
    return _summary("session_start_info", session_start_info=info)


def session_end(status: str, now: float) -> Any:
    """The end of a run; one that diverged or was cancelled counts as failed."""
    from tensorboardX.proto.api_pb2 import Status
    from tensorboardX.proto.plugin_hparams_pb2 import SessionEndInfo

    failed = status.startswith(("diverged", "cancelled"))
    code = Status.Value("STATUS_FAILURE" if failed else "STATUS_SUCCESS")
    return _summary("session_end_info", session_end_info=SessionEndInfo(status=code, end_time_secs=now))


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "DATA_TYPE_BOOL"
    return "DATA_TYPE_FLOAT64" if isinstance(value, (int, float)) else "DATA_TYPE_STRING"


def _summary(what: str, **content: Any) -> Any:
    """One of the plugin's records; it lies in the metadata of a value, and TensorBoard wants a tensor beside it."""
    from tensorboardX.proto.plugin_hparams_pb2 import HParamsPluginData
    from tensorboardX.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboardX.proto.tensor_pb2 import TensorProto

    packed = HParamsPluginData(version=VERSION, **content).SerializeToString(deterministic=True)
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=PLUGIN, content=packed))
    empty = TensorProto(dtype="DT_FLOAT", float_val=[0.0])
    return Summary(value=[Summary.Value(tag=f"_hparams_/{what}", metadata=metadata, tensor=empty)])
