"""Sessions without a browser, as benchmarks/classroom.py makes them, at the real server with the real engine."""

import asyncio

import pytest

from benchmarks.sessions import Visitor

LONG = 1_500  # epochs that take long enough to be looked at more than once


def visiting(address, *tasks):
    async def visit():
        async with asyncio.timeout(240), Visitor(address) as visitor:
            await visitor.open()
            await visitor.until(lambda: visitor.state()[1] == "done", 100)
            await visitor.move("Train on every change", False)
            visitor.reruns.clear()
            for task in tasks:
                await task(visitor)
            assert not visitor.faults

    asyncio.run(visit())


def validation(visitor):
    """The validation curve that is drawn; one without an epoch while there is none."""
    drawn = visitor.chart("loss") or {"data": []}
    return next((trace for trace in drawn["data"] if trace["name"] == "validation"), {"x": [0], "y": []})


def test_pressing_train_draws_the_finished_curve_and_leaves_no_timer(server):
    async def train(visitor):
        assert await visitor.until(lambda: validation(visitor)["x"][-1] == 150, 30)
        before, old = visitor.state()[0], validation(visitor)["y"]
        await visitor.move("Dropout", 0.35)
        await visitor.press("Train")
        assert await visitor.until(lambda: visitor.state()[0] != before and visitor.state()[1] == "done", 100)
        assert await visitor.until(lambda: validation(visitor)["y"] != old and validation(visitor)["x"][-1] == 150, 30)
        assert await visitor.until(lambda: not visitor.ticking, 30)

    visiting(server, train)


def test_while_a_run_trains_the_page_looks_after_it_and_its_curve_grows(server):
    async def train(visitor):
        before, seen = visitor.state()[0], set()

        def ended():
            seen.add(validation(visitor)["x"][-1])
            return visitor.state()[0] != before and visitor.state()[1] == "done" and LONG in seen

        await visitor.move("Epochs", LONG)
        await visitor.press("Train")
        assert await visitor.until(ended, 100)
        assert len(seen) > 2
        assert [rerun for rerun in visitor.reruns if rerun.tick]

    visiting(server, train)


def test_what_is_not_on_the_page_is_said_by_its_name(server):
    async def look(visitor):
        with pytest.raises(LookupError, match="no button named 'Fly'"):
            await visitor.press("Fly")

    visiting(server, look)
