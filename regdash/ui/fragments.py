"""A fragment that sets its own timer, and that has another one drawn anew.

Streamlit's `run_every` is fixed before a fragment runs and ends only with the page, and its `st.rerun` of another
fragment is for callbacks; both are messages that a fragment can send by itself.
"""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState


def this_fragment() -> str:
    """The id of the fragment that calls this; empty outside of one."""
    return ThreadState.get().fragment_id or ""


def rerun_every(seconds: float | None) -> None:
    """Let the browser rerun the fragment that calls this, at this interval from now on; None ends that.

    A rerun of the whole page ends every timer by itself.
    """
    context, fragment = get_script_run_ctx(), this_fragment()
    if context is None or not fragment:
        return
    message = ForwardMsg()
    if seconds is not None:
        message.auto_rerun.interval, message.auto_rerun.fragment_id = seconds, fragment
    elif context.fragment_ids_this_run:
        message.stop_auto_rerun.fragment_ids.append(fragment)
    else:
        return
    context.enqueue(message)


def rerun_fragment(fragment: str) -> None:
    """Rerun that fragment as soon as this run has ended."""
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        return
    context.script_requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            fragment_id_queue=[fragment],
            is_fragment_scoped_rerun=True,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )
