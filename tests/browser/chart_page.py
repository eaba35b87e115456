"""A page with two live charts that grow with every tick; the test copies it beside a static folder of its own."""

from pathlib import Path

import numpy as np
import streamlit as st

from regdash.charts.boundary import read_boundary
from regdash.charts.group import Group
from regdash.charts.loss import alt_loss, draw_loss, read_loss
from regdash.datasets import Moons, Split, samples
from regdash.record import History, Probe
from regdash.ui.boundary_player import boundary_player
from regdash.ui.chart_card import chart_theme
from regdash.ui.live_chart import live_chart
from regdash.ui.plotly_js import ensure_plotly_js

EPOCHS, PER_TICK, GRID = 120, 5, 12

ensure_plotly_js(Path(__file__).parent / "static")


@st.fragment(run_every=0.2)
def charts() -> None:
    done = min(st.session_state.get("done", 0) + PER_TICK, EPOCHS)
    st.session_state.done = done
    epochs = np.arange(1, done + 1)
    loss = np.exp(-epochs / 30)
    data = read_loss([Group("this run", "current", (History({"loss": loss, "val_loss": loss + 0.1}),))])
    live_chart(draw_loss(data, chart_theme(), epochs=EPOCHS), "loss", 260, alt_loss(data), caption="made-up run")

    kept = np.arange(0, done + 1, 10)
    ticks = np.linspace(-2, 3, GRID)
    answers = np.broadcast_to(kept[:, None, None, None], (len(kept), GRID, GRID, 1)).astype(np.uint8)
    points = samples(Moons(samples=40), Split())
    boundary = read_boundary(Probe(kept, answers, ticks, ticks), points)
    boundary_player(boundary, chart_theme(), "boundary", run="one", epochs_total=EPOCHS, live=done < EPOCHS)
    st.text(f"epochs done: {done}")


charts()
