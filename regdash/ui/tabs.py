"""Which runs each open tab of a browser follows: tabs share a session, and one must not end what another shows."""

from collections.abc import Collection

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from regdash.jobs.recent import Recent

MOST = 2_000  # tabs of all visitors, of which those used last are remembered

_following = Recent(MOST)  # tab -> the runs that it follows
_tabs = Recent(MOST)  # session -> its tabs


def follow(session: str, run_ids: Collection[str]) -> None:
    """Remember that this tab follows these runs now, and no others."""
    tab = _tab()
    _following.put(tab, frozenset(run_ids))
    _tabs.put(session, frozenset({*filter(_is_open, _tabs.get(session) or ()), tab}))


def followed_elsewhere(session: str, run_ids: Collection[str]) -> set[str]:
    """Those of the runs that another open tab of the same session follows."""
    others = [tab for tab in _tabs.get(session) or () if tab != _tab() and _is_open(tab)]
    return {run for tab in others for run in _following.get(tab) or ()} & set(run_ids)


def _tab() -> str:
    context = get_script_run_ctx()
    return context.session_id if context is not None else ""


def _is_open(tab: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(tab)
