"""A page within another page: one chart and some controls, such as chart=loss&controls=dropout.rate,l2.l2."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from regdash.errors import BrokenLink
from regdash.links.address import fixable
from regdash.params import nearest

CHART, CONTROLS, VERDICT = "chart", "controls", "verdict"
EMBEDDING = (CHART, CONTROLS, VERDICT)
MOST_CONTROLS = 8
FIRST_CHART = "loss"
FIRST_CONTROLS = ("dropout.rate",)
_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True)
class Embedding:
    """A chart by its name, the settings that can be moved, and whether a line of words says what the curves say."""

    chart: str = FIRST_CHART
    controls: tuple[str, ...] = FIRST_CONTROLS
    verdict: bool = False


def to_embedding(embedding: Embedding) -> dict[str, str]:
    """The query parameters that stand beside those of the experiment."""
    link = {CHART: embedding.chart, CONTROLS: ",".join(embedding.controls)}
    return link | ({VERDICT: "on"} if embedding.verdict else {})


def from_embedding(params: Mapping[str, str], charts: Collection[str]) -> Embedding:
    """Read what to show, passing over all other parameters; raises BrokenLink with a sentence for what is not there.

    `charts` are the names of the charts that there are.
    """
    chart = params.get(CHART, FIRST_CHART)
    if chart not in charts:
        name = chart[:40]
        raise BrokenLink(f"there is no chart called {name!r}{nearest(name, tuple(sorted(charts)))}")
    verdict = params.get(VERDICT, "off")
    if verdict not in _SWITCH:
        raise BrokenLink(f"verdict must be on or off, got {verdict[:40]!r}")
    return Embedding(chart, _controls(params.get(CONTROLS, ",".join(FIRST_CONTROLS))), _SWITCH[verdict])


def _controls(text: str) -> tuple[str, ...]:
    """The names in the list, each once; the parts of the list are settings, parts such as network, or the seeds."""
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    if len(names) > MOST_CONTROLS:
        raise BrokenLink(f"at most {MOST_CONTROLS} controls may be shown, got {len(names)}")
    unknown = next((name[:40] for name in names if name not in fixable()), "")
    if unknown:
        raise BrokenLink(f"there is no control called {unknown!r}{nearest(unknown, tuple(sorted(fixable())))}")
    return names
