"""What everybody in a room predicts, for the teacher."""

from collections.abc import Sequence
from functools import partial

from regdash.charts.predict_crowd import Crowd, alt_predict_crowd, draw_predict_crowd, read_predict_crowd
from regdash.lessons.answers import Answer, write_answer
from regdash.lessons.lesson import Prediction
from regdash.ui.picture import Picture, show_picture


def crowd(prediction: Prediction, answers: Sequence[Answer], key: str, epochs: int = 0) -> None:
    """Show the distribution of the predictions; `epochs` are those of the experiment of a sketched curve."""
    stamp = (prediction.name, prediction.ask, epochs, *map(write_answer, answers))
    show_picture(key, stamp, lambda: distribution(prediction, answers, epochs))


def distribution(prediction: Prediction, answers: Sequence[Answer], epochs: int = 0) -> Picture:
    """The picture of the predictions of a question."""
    given = Crowd(
        prediction.kind,
        tuple(each.text for each in prediction.choices),
        [each.choice for each in answers if each.choice is not None],
        [each.number for each in answers if each.number is not None],
        [each.sketch for each in answers if each.sketch],
        prediction.curve,
        epochs,
        prediction.low,
        prediction.high,
        prediction.unit,
    )
    data = read_predict_crowd(given)
    drawn, ask = partial(draw_predict_crowd, data), " ".join(prediction.ask.split())
    return Picture(f"class-{prediction.name}", drawn, alt_predict_crowd(data), data.height, ask)
