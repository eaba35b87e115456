"""An experiment as a Jupyter notebook: the sections of the script as cells, with words between them."""

import json
from typing import Any

from regdash.codec import identity, to_dict
from regdash.experiment import Experiment
from regdash.export.code.pieces import joined
from regdash.export.code.script import constants, header, imports, sections
from regdash.export.objective import objective

FORMAT = {"nbformat": 4, "nbformat_minor": 5}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
PICTURE = """
try:
    import matplotlib.pyplot as plt
except ImportError:
    print("Install matplotlib to see the curves drawn.")
else:
    epochs = range(1, len(curves) + 1)
    plt.plot(epochs, [row["loss"] for row in curves], label="training")
    plt.plot(epochs, [row["val_loss"] for row in curves], label="validation")
    plt.xlabel("epoch")
    plt.ylabel("loss")
    plt.legend()
    plt.show()
"""


def notebook(experiment: Experiment, site: str = "") -> bytes:
    """The notebook, in format 4.5; `site` is the address of a Regdash. RegdashError as for the script."""
    to_dict(experiment)
    parts = sections(experiment)
    first = f"{imports(experiment, parts)}\n\n{constants(experiment, parts)}"
    cells = [_markdown(_opening(experiment, site)), _code(first)]
    for part in parts:
        words = f"## {part.title}\n\n{part.words}".strip()
        if part.title == "Training":
            words += f"\n\nTraining makes this small:\n\n$$ {objective(experiment)} $$"
        cells += [_markdown(words), _code(joined(part.blocks))]
    cells += [_markdown("## Curves"), _code(PICTURE.strip())]
    run = identity(experiment)
    made = [cell | {"id": f"{run[:12]}-{place}"} for place, cell in enumerate(cells)]
    return json.dumps({"cells": made, "metadata": METADATA, **FORMAT}, indent=1, ensure_ascii=False).encode()


def _opening(experiment: Experiment, site: str) -> str:
    title, *rest = header(experiment, site).strip('"').strip().split("\n")
    *lines, link = rest
    return "\n".join([f"# {title.rstrip('.')}", *lines, "", f"<{link}>" if site else f"`{link}`"])


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}
