"""Images: each caller gets its own, a browser that fails is replaced, and what a person reads stands in the file."""

import asyncio
import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pypdf
import pytest
from pictures import HOSTILE, loss_picture

from regdash.charts.drawing import Drawing
from regdash.errors import RegdashError
from regdash.export.figures import SIZES
from regdash.export.files import Look, drawn
from regdash.export.images import Printer, chromium

COLUMN = next(size for size in SIZES if size.name == "column")
TITLE = "Loss & <b>bold</b>"


class Renderer:
    """Draws nothing: gives the title of a figure back, after a moment; the title "broken" fails."""

    def __init__(self):
        self.busy = self.closed = False

    async def calc_fig(self, fig, opts):
        assert not self.busy, "two figures at once in one browser"
        self.busy = True
        await asyncio.sleep(0.005)
        self.busy = False
        if fig["layout"]["title"] == "broken":
            raise ValueError("the browser is gone")
        return fig["layout"]["title"].encode()

    async def close(self):
        self.closed = True


class Fake(Printer):
    """A printer whose browsers are renderers of this file."""

    def __init__(self, **facts):
        super().__init__("a browser", **facts)
        self.started = []

    async def start(self):
        self.started.append(Renderer())
        return self.started[-1]


def figure(title):
    return Drawing((), {"title": title})


def image(printer, title):
    return printer.image(figure(title), "svg", 100, 100).decode()


def test_many_threads_each_get_their_own_image_from_one_browser():
    printer, titles = Fake(waiting=32), [f"figure {k}" for k in range(30)]
    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(lambda title: image(printer, title), titles)) == titles
    assert len(printer.started) == 1
    printer.close()


def test_a_browser_that_fails_is_dropped_and_the_next_image_has_a_fresh_one():
    printer = Fake()
    with pytest.raises(RegdashError, match=r"gave none\. Try again"):
        image(printer, "broken")
    assert printer.started[0].closed
    assert not printer.ready
    assert image(printer, "whole") == "whole"
    assert len(printer.started) == 2
    printer.close()


def test_when_many_wait_already_a_sentence_says_so():
    printer, inside, go_on = Fake(waiting=1), threading.Event(), threading.Event()

    async def start():
        inside.set()
        await asyncio.to_thread(go_on.wait, 10)
        return Renderer()

    printer.start = start
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(image, printer, "first")
        inside.wait(10)
        with pytest.raises(RegdashError, match="Try again in a moment"):
            image(printer, "second")
        go_on.set()
        assert first.result() == "first"
    printer.close()


def test_a_browser_that_nobody_needs_is_closed():
    printer = Fake(idle=0.05)
    image(printer, "one")
    for _ in range(100):
        if printer.started[0].closed:
            break
        time.sleep(0.02)
    assert printer.started[0].closed
    assert image(printer, "two") == "two"
    printer.close()


def test_without_a_browser_a_sentence_says_what_to_install():
    with pytest.raises(RegdashError, match=r"no Chrome or Chromium.*Install Chromium.*REGDASH_CHROMIUM"):
        Printer("").image(figure("x"), "pdf", 100, 100)


def test_a_program_that_is_no_browser_gives_a_sentence_and_nobody_waits_for_ever():
    with pytest.raises(RegdashError, match="gave none"):
        Printer("/bin/true").image(figure("x"), "png", 100, 100)


@pytest.fixture(scope="module")
def printer():
    """A real browser."""
    if not chromium():
        pytest.skip("no Chrome or Chromium")
    real = Printer(chromium())
    yield real
    real.close()


@pytest.fixture(scope="module")
def column():
    """The loss in one column of a paper, with markup and hostile words in what a visitor types."""
    return drawn(loss_picture(label=HOSTILE), Look(COLUMN, "print", TITLE, f"Seeds 0 to 2. {HOSTILE}"))


def sides(drawing):
    return drawing.plain_layout["width"], drawing.plain_layout["height"]


def test_png_has_the_pixels_that_were_promised(printer, column):
    width, height = sides(column)
    png = printer.image(column, "png", width, height, 300 / 96)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == pytest.approx(85 / 25.4 * 300, abs=2)
    assert int.from_bytes(png[20:24]) == pytest.approx(height * 300 / 96, abs=2)


def test_svg_holds_title_caption_legend_and_axes_as_text(printer, column):
    svg = printer.image(column, "svg", *sides(column)).decode()
    texts = "".join(ElementTree.fromstring(svg).itertext())
    for words in (
        TITLE,
        "Seeds 0 to 2",
        "epoch",
        "cross-entropy (nats)",
        "validation",
    ):
        assert words in texts
    assert "<script" not in svg


def test_pdf_is_as_wide_as_a_column_with_its_texts_in_embedded_fonts(printer, column):
    pdf = printer.image(column, "pdf", *sides(column))
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert float(page.mediabox.width) == pytest.approx(85 / 25.4 * 72, abs=1.5)
    text = " ".join(page.extract_text().split())
    for words in ("Loss & <b>bold</b>", "Seeds 0 to 2.", "epoch", "cross-entropy (nats)", "validation"):
        assert words in text
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())


def test_the_browser_reaches_no_other_machine(printer):
    picture = {"source": "http://203.0.113.1/secret.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
    began = time.monotonic()
    svg = printer.image(Drawing((), {"images": [picture]}), "svg", 200, 200)
    assert b"<svg" in svg
    assert time.monotonic() - began < 30
