"""The controls beside the form: presets, undo, when to train, how many seeds, the baseline."""

from dataclasses import replace

import streamlit as st

from regdash import links
from regdash.jobs.queue import Queue
from regdash.links import MOST_RUNS, Address
from regdash.presets import PRESETS, Preset
from regdash.ui import locks, runs, session, share, train_button, widgets
from regdash.ui.estimate import seconds
from regdash.ui.keys import chosen, key_for, moved
from regdash.ui.rows import missing

SEEDS = (1, 3, 5, 10)
FOLDS = (0, 3, 5, 10)
SEEDS_PATH, FOLDS_PATH = links.SEEDS, "split.folds"
TRAIN_MODE, REPEAT, FOLD = "train mode", "repeat", "folds"
TOGETHER = f"Seeds and folds together make at most {MOST_RUNS} runs."


def presets() -> None:
    """The chips: each a ready-made setting that shows one phenomenon."""
    for number, preset in enumerate(PRESETS):
        st.button(preset.label, key=f"preset {number}", help=preset.help, on_click=_choose, args=(preset,))


def training(queue: Queue) -> None:
    """Train on every change or on click; undo and reset."""
    setting = runs.draft_setting(session.draft())
    automatic = runs.automatic(setting)
    st.toggle(
        "Train on every change",
        automatic,
        key=key_for(TRAIN_MODE, automatic),
        on_change=_choose_mode,
        help="On: each change is trained at once. Off: choose settings in peace and press Train.",
    )
    if not automatic and missing(setting.experiment) is None:
        if st.session_state[session.AUTO] is None:
            st.caption(
                f"This takes about {seconds(setting.experiment, len(setting.ids)):.0f} s, so it starts on click."
            )
        train_button.draw(queue, setting)
    back = "Back to the settings of the lesson." if session.lesson() else "Back to the default settings."
    with st.container(horizontal=True, gap="small", wrap=False, key="steps"):
        st.button("Undo", disabled=not st.session_state[session.PAST], on_click=session.undo, width="stretch")
        st.button("Reset", on_click=session.reset, width="stretch", help=back)
        share.train()


def repeat() -> None:
    """How many seeds repeat the experiment, and in how many folds its rows are cut."""
    for path in (SEEDS_PATH, FOLDS_PATH):
        repeat_one(path)


def repeat_one(path: str) -> None:
    """The menu of seeds or that of folds, unless the lesson hides it."""
    if not locks.hidden(path):
        menu = _repeat_seeds if path == SEEDS_PATH else _repeat_folds
        menu(session.draft().seeds, session.draft().experiment.split.folds)


def _repeat_seeds(seeds: int, folds: int) -> None:
    help = "Repeat with other seeds: curves become a mean and a band, and changes are judged against seed noise. "
    st.segmented_control(
        "Seeds",
        [each for each in sorted({*SEEDS, seeds}) if each * folds <= MOST_RUNS],
        default=seeds,
        required=True,
        key=key_for(REPEAT, seeds),
        label_visibility="collapsed",
        format_func=lambda n: f"{n} seed" if n == 1 else str(n),
        on_change=_choose_seeds,
        help=widgets.locked_help(SEEDS_PATH, help + TOGETHER),
        disabled=locks.locked(SEEDS_PATH),
    )


def _repeat_folds(seeds: int, folds: int) -> None:
    help = (
        "Cross-validation: training and validation rows are cut into 3, 5 or 10 folds; each validates once "
        "what was learnt from the others. Curves and figures are means over the folds. "
    )
    st.segmented_control(
        "Cross-validation",
        [each for each in sorted({*FOLDS, folds}) if each * seeds <= MOST_RUNS],
        default=folds,
        required=True,
        key=key_for(FOLD, folds),
        label_visibility="collapsed",
        format_func=lambda n: str(n) if n else "no folds",
        on_change=_choose_folds,
        help=widgets.locked_help(FOLDS_PATH, help + TOGETHER),
        disabled=locks.locked(FOLDS_PATH),
    )


def baseline() -> None:
    """Pin the present setting as the baseline, or let it go."""
    address = session.draft()
    pinned = address.baseline == address.experiment and address.baseline_seeds == address.seeds
    if not pinned:
        st.button(
            "Pin as baseline",
            on_click=session.pin,
            help="Keep this run in all charts and compare what you try next with it.",
        )
    if address.baseline is not None:
        st.button("Unpin", on_click=session.unpin, help="Compare with nothing any more.")


def _choose(preset: Preset) -> None:
    session.choose(Address(preset.experiment, preset.seeds, preset.baseline, preset.seeds))


def _choose_mode() -> None:
    if moved(TRAIN_MODE, runs.automatic(runs.draft_setting(session.draft()))):
        st.session_state[session.AUTO] = chosen(TRAIN_MODE)


def _choose_seeds() -> None:
    if moved(REPEAT, session.draft().seeds):
        session.change(replace(session.draft(), seeds=chosen(REPEAT)))


def _choose_folds() -> None:
    if moved(FOLD, session.draft().experiment.split.folds):
        changes = {"split.folds": chosen(FOLD), "split.fold": 0}
        widgets.edited("split.folds", lambda experiment: experiment.with_values(changes))
