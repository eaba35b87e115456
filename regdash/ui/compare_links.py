"""What a link, pasted or in the address, brings into a comparison."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from regdash.errors import BrokenLink
from regdash.experiment import Experiment
from regdash.links import Comparison, Entry, from_address, from_comparison
from regdash.settings import settings

OTHERS = ("embed", "embed_options", "room", "lock", "hide", "text", "show", "controls")  # of other pages
PATH = "compare"
MOST_FIELDS = 2_000


def entries_of(text: str) -> tuple[Entry, ...]:
    """The settings that a pasted link holds; raises BrokenLink with a sentence."""
    text, most = text.strip(), settings().max_link_bytes
    if not text:
        raise BrokenLink("Paste the link of a Train page or of a comparison")
    if len(text) > 2 * most:
        raise BrokenLink(f"A link may hold at most {most} bytes, this text has {len(text)}")
    path, params = _parts(text)
    if "search" in params:
        raise BrokenLink("This is the link of a search: open it, and add its trials to the comparison there")
    found = from_comparison(params) if path.rstrip("/").endswith(PATH) else comparison_of(params)
    if not found.entries:
        raise BrokenLink("This link is one of an empty comparison")
    return found.entries


def comparison_of(params: Mapping[str, str]) -> Comparison:
    """The comparison of these query parameters, or the baseline and the setting of a Train page; raises BrokenLink."""
    if any(key[:1].isdigit() for key in params):
        return from_comparison(params)
    found = from_address({key: value for key, value in params.items() if key not in OTHERS})
    pairs = ((found.baseline, found.baseline_seeds), (found.experiment, found.seeds))
    return Comparison(tuple(_entry(experiment, seeds) for experiment, seeds in pairs if experiment is not None))


def _parts(text: str) -> tuple[str, dict[str, str]]:
    """The path and the query parameters of a link, or of only its end."""
    try:
        whole = urlsplit(text)
        query = whole.query or (text.lstrip("?") if "=" in text and "://" not in text else "")
        found = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BrokenLink("This is not a link: it has too many parts, or an address that no browser reads") from None
    if not found and not (whole.scheme and whole.netloc):
        raise BrokenLink("This is no link of Regdash: copy one by the button Share, or from the address of a page")
    return whole.path, found


def _entry(experiment: Experiment, seeds: int) -> Entry:
    return replace(Entry(experiment.with_values({"split.fold": 0})), seeds=seeds)
