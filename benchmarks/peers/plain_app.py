"""The default experiment in a plain Streamlit app: sliders, a button, and keras.Model.fit in the script.

    streamlit run benchmarks/peers/plain_app.py

Data, network, optimizer, epochs, batch size and validation rows are those of the dashboard's default experiment; the
penalty and the dropout layers are Keras' own.
"""

import html

import streamlit as st

from benchmarks.peers.fit import model_of
from regdash.api import L2, Dropout, Experiment, samples
from regdash.params import params_of
from regdash.training.backend import keras
from regdash.ui.widgets import strength

STOPS = next(iter(params_of(L2))).stops(0.0)

st.title("Regularisation")
rate = st.sidebar.slider("Dropout", 0.0, 0.9, 0.0, 0.05)
penalty = st.sidebar.select_slider("L2 strength", STOPS, 0.0, format_func=strength)
if st.sidebar.button("Train"):
    experiment = Experiment(regularizers=(Dropout(rate), L2(penalty)))
    rows, model = samples(experiment.data, experiment.split), model_of(experiment)
    optimizer = experiment.optimizer.to_keras(keras, experiment.optimizer.learning_rate)
    model.compile(optimizer, keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"])
    history = model.fit(
        rows.train.x,
        rows.train.y,
        batch_size=experiment.training.batch_size,
        epochs=experiment.training.epochs,
        validation_data=(rows.validation.x, rows.validation.y),
        verbose=0,
    ).history
    st.line_chart({name: history[name] for name in ("loss", "val_loss")})
    words = " ".join(f"{value:.4g}" for value in history["val_loss"])
    st.html(f'<div data-testid="rd-state" data-run="{rate} {penalty}" data-state="done">{html.escape(words)}</div>')
