"""Pictures of made-up runs."""

from functools import partial

from fake_runs import history

from regdash.charts import Group
from regdash.charts.loss import alt_loss, draw_loss, read_loss
from regdash.experiment import Experiment
from regdash.export.picture import Picture
from regdash.repeats import Setting

HOSTILE = "</script><script>alert(1)</script><b>=1+1 & `x`"


def loss_picture(*histories, name="loss", caption="Two moons; seeds 0 to 2.", label="Baseline"):
    """The loss of some runs, 20 epochs each if none are given."""
    given = histories or tuple(history(seed=seed) for seed in range(3))
    data = read_loss([Group(label, "baseline", given)])
    return Picture(name, partial(draw_loss, data), alt_loss(data), 216, caption, (Setting(Experiment(), 3),))
