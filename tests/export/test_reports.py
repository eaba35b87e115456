"""Reports: everything in one file, no markup from names, and a program that trains the very same runs."""

import csv
import io
import json
import re
import zipfile
from base64 import b64decode
from html import unescape

import pytest
from fake_runs import history
from pictures import HOSTILE, loss_picture

import regdash.api
from regdash.comparison import compare_table, own_series
from regdash.experiment import Experiment
from regdash.export.archive import archive
from regdash.export.files import Look, experiments_json
from regdash.export.images import Printer
from regdash.export.markdown import plain, report_markdown
from regdash.export.report import Report, report_html
from regdash.export.reproduce import code
from regdash.imports import read_import
from regdash.regularizers import L2, Dropout
from regdash.repeats import Setting

LINK = "https://example.org/compare?v=1&1.l2.l2=0.01"
SETTINGS = {
    HOSTILE: Setting(Experiment(), 2),
    "L2 0.01": Setting(Experiment(regularizers=(L2(l2=0.01),)).with_values({"split.folds": 2, "training.seed": 4}), 3),
}


class Painted(Printer):
    """Draws an SVG that says nothing."""

    def __init__(self):
        super().__init__("a browser")

    def image(self, drawing, format, width, height, scale=1.0):
        return b"<svg>painted</svg>"


@pytest.fixture
def report():
    made = [
        own_series(name, setting, [history(seed=k) for k in range(len(setting.members))], [None] * len(setting.members))
        for name, setting in SETTINGS.items()
    ]
    pictures = (loss_picture(caption=HOSTILE), loss_picture(name="gap"))
    return Report(HOSTILE, "2026-11-21", pictures, SETTINGS, compare_table(made), (f"{HOSTILE} is lower.",), "", LINK)


def test_the_html_report_holds_everything_and_only_its_own_scripts(report):
    page = report_html(report)
    assert len(re.findall("<script", page.replace("<script type", "<SCRIPT type"))) == 2  # Plotly and what draws
    assert "alert(1)</script>" not in page
    text = unescape(re.sub("<[^>]+>", " ", page.rpartition("</main>")[0]))
    for words in (f"{HOSTILE} is lower.", "2026-11-21", "pip install regdash==", "from regdash.api import", "Results"):
        assert words in text
    assert f'href="{LINK.replace("&", "&amp;")}"' in page
    figures = re.findall(r'<script type="application/json" id="figure-\d+">(.*?)</script>', page)
    assert len(figures) == 2
    assert HOSTILE.split("&")[0] in unescape(json.loads(figures[0])["layout"]["title"]["subtitle"]["text"])


def test_a_link_that_is_no_address_of_the_web_cannot_be_pressed(report):
    page = report_html(Report("x", "2026-11-21", settings=SETTINGS, link="javascript:alert(1)"))
    assert "javascript:" not in page.rpartition("</main>")[0]


def test_the_markdown_report_holds_its_charts_and_no_markup_of_names(report):
    text = report_markdown(report, Painted())
    images = re.findall(r"\]\(data:image/svg\+xml;base64,([^)]+)\)", text)
    assert [b64decode(each) for each in images] == [b"<svg>painted</svg>"] * 2
    prose, program = text.partition("## How to reproduce it")[::2]
    assert "<script" not in prose
    assert LINK in program
    assert program.count("````python") == 0 or program.rstrip().endswith("````")


def test_without_a_browser_the_markdown_says_why_it_has_no_charts(report):
    assert "The charts are not in this file" in report_markdown(report, Printer(""))


@pytest.mark.parametrize("text", ["*a*", "[x](javascript:1)", "<img>", "a|b", "`c`", "# d", "line\nbreak"])
def test_markdown_finds_nothing_to_do_in_a_name(text):
    bare = re.sub(r"\\[\\`*_{}\[\]()#+\-.!|~]", "", plain(text))
    assert not set(bare) & set("*[]()<>|`#\n")


def test_the_program_of_a_report_trains_the_very_same_experiments(monkeypatch, capsys):
    trained = []

    class Run:
        history, best_epoch = {"val_loss": [0.5, 0.25]}, 2

    def train(experiments):
        trained.extend(experiments)
        return [Run()] * len(experiments)

    monkeypatch.setattr(regdash.api, "train", train)
    exec(code(SETTINGS), {})
    assert trained == [member for setting in SETTINGS.values() for member in setting.members]
    assert "L2 0.01: lowest validation loss 0.2500, mean of 6 runs" in capsys.readouterr().out


def test_experiments_as_json_are_read_back_by_the_import():
    settings = (Setting(Experiment(regularizers=(Dropout(rate=0.4),)), 3), SETTINGS["L2 0.01"])
    found = read_import("experiments.json", experiments_json(settings).encode())
    assert [each.setting for each in found.planned] == list(settings)


def test_an_archive_has_every_chart_its_data_and_the_experiments(report):
    pictures = (loss_picture(), loss_picture(), loss_picture(name="../../gap=1"))
    packed = zipfile.ZipFile(io.BytesIO(archive(pictures, "html", Look(), {"results.csv": "a,b\r\n"})))
    assert sorted(packed.namelist()) == [
        "charts/gap-1.html",
        "charts/loss-2.html",
        "charts/loss.html",
        "data/gap-1.csv",
        "data/loss-2.csv",
        "data/loss.csv",
        "experiments.json",
        "results.csv",
    ]
    assert next(csv.reader(io.StringIO(packed.read("data/loss.csv").decode("utf-8-sig")))) == [
        "series",
        "epoch",
        "y",
        "low",
        "high",
    ]
