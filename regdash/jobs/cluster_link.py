"""The connection to a Dask scheduler: a thread that asks and tells, so that the coordinator never waits."""

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from multiprocessing import Pipe
from typing import Any

import dask
from distributed import CancelledError, Client

from regdash.jobs import cluster_task
from regdash.jobs.bench import Facts, Mail, Rules, Work
from regdash.jobs.cluster_connection import Connection
from regdash.jobs.cluster_news import Around, Broke, Fetched, Gone, News, Returned, Turned, Unreachable, seen
from regdash.jobs.placing import Part
from regdash.jobs.worker import LoadEngine

LOOK_SECONDS = 1.0  # between two looks at the workers, and at mail whose bell was not heard
PATIENCE = 10.0  # seconds for an answer
RETRY_SECONDS = 0.5
CLOSE_SECONDS = 2.0
TRIES = 3  # to tell a worker that runs are no longer wanted


class Link:
    """Keeps a connection to the scheduler, and a new one after it was lost; says through a pipe that it has news."""

    def __init__(self, scheduler: str, load: LoadEngine, rules: Rules) -> None:
        self._scheduler, self._load, self._rules = scheduler, load, rules
        self._news: deque[News] = deque()
        self.bell, self._ringer = Pipe(duplex=False)
        self._rung = False
        self._here: Connection | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._live, daemon=True, name="regdash-cluster")
        self._thread.start()

    # Called by the coordinator; nothing here waits

    def hear(self) -> list[News]:
        """What has happened since the last call."""
        while self.bell.poll():
            self.bell.recv_bytes()
        self._rung = False
        return [self._news.popleft() for _ in range(len(self._news))]

    def submit(self, key: str, part: Part, tables: Sequence[tuple[str, bytes]]) -> None:
        """Have a stack trained by one worker, and by no other should it die."""
        self._do(lambda here: self._submit(here, key, part, tables))

    def cancel(self, address: str, tickets: Collection[int]) -> None:
        """End runs that a worker has, or is about to have."""
        self._do(lambda here: here.run(self._cancel(here, address, tuple(tickets))))

    def release(self, keys: Collection[str]) -> None:
        """Take tasks back; the workers then stop them."""
        self._do(lambda here: here.run(self._release(here, keys)))

    def shoot(self, address: str) -> None:
        """End a worker process that hangs."""
        self._do(lambda here: here.run(self._ask(here, address, cluster_task.leave)))

    def close(self, seconds: float) -> None:
        """Take all tasks back and end the connection."""
        self._closed = True
        if self._loop is not None and self._main is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(seconds)

    def _do(self, what: Callable[[Connection], None]) -> None:
        def do() -> None:
            if self._here is not None:
                what(self._here)

        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(do)

    # The thread of the connection

    def _live(self) -> None:
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # a lost scheduler is told in our own words
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})  # visitors' tables go with tasks
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._keep_connected())

    async def _keep_connected(self) -> None:
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        while not self._closed:
            try:
                await self._connect_and_serve()
            except Exception as error:  # whatever a scheduler of another version answers: it is tried again
                self._tell(Unreachable(f"{type(error).__name__}: {error}"))
            await asyncio.sleep(RETRY_SECONDS)

    async def _connect_and_serve(self) -> None:
        connect: Any = Client
        client = connect(self._scheduler, asynchronous=True, set_as_default=False, timeout=PATIENCE)
        try:
            await client
            self._here = Connection(client)
            await self._serve(self._here)
            self._tell(Unreachable("the connection was lost"))
        finally:
            here, self._here = self._here, None
            for errand in here.errands if here else ():
                errand.cancel()
            with contextlib.suppress(OSError):
                if here and client.status == "running":
                    client.unsubscribe_topic("all")  # of our own leaving
                await client.close(timeout=CLOSE_SECONDS)

    async def _serve(self, here: Connection) -> None:
        """Look after workers and tasks until the connection is lost."""
        here.client.subscribe_topic(here.topic, lambda event: self._rings(here, event[1]))
        here.client.subscribe_topic("all", lambda event: self._notices(here, event[1]))
        while here.client.status == "running" and not here.lost:
            await self._look_around(here)
            for address in {address for _, address in here.tasks.values()}:
                self._fetch_soon(here, address)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(here.look.wait(), LOOK_SECONDS)
            here.look.clear()

    async def _look_around(self, here: Connection) -> None:
        found = await asyncio.wait_for(here.client.scheduler.identity(n_workers=-1), PATIENCE)
        here.lost = here.scheduler not in ("", found["id"])
        here.scheduler = found["id"]
        here.facts = {address: facts for address, facts in here.facts.items() if address in found["workers"]}
        for address in found["workers"]:
            facts = here.facts.get(address)
            if (facts is None or facts.state != "ready") and address not in here.asked:
                here.run(self._meet(here, address))
        starting = Facts("starting", 0)
        self._tell(Around({a: seen(worker, here.facts.get(a, starting)) for a, worker in found["workers"].items()}))

    async def _meet(self, here: Connection, address: str) -> None:
        """Ask a worker for its facts; the first time it begins to load the engine."""
        here.asked.add(address)
        try:
            facts = await self._ask(here, address, cluster_task.look)
        finally:
            here.asked.discard(address)
        if isinstance(facts, Exception):
            facts = Facts("broken", 0, reason=f"{type(facts).__name__}: {facts}")
        if facts is not None and facts != here.facts.get(address):
            here.facts[address] = facts
            here.look.set()

    async def _ask(self, here: Connection, address: str, what: Callable[..., Any], *given: Any) -> Any:
        """Have a function called in a worker's process; None when the worker cannot be reached."""
        with contextlib.suppress(OSError):
            asked = here.client.run(what, *given, self._load, self._rules, workers=[address], on_error="return")
            answer = (await asyncio.wait_for(asked, PATIENCE)).get(address)
            return None if isinstance(answer, OSError) else answer
        return None

    def _submit(self, here: Connection, key: str, part: Part, tables: Sequence[tuple[str, bytes]]) -> None:
        work = Work(here.topic, part.orders, tuple(tables), self._load, self._rules)
        place: dict[str, Any] = {"workers": [part.address], "resources": {"GPU": 1} if part.gpu else None}
        try:
            task = here.client.submit(cluster_task.train_stack, work, key=key, pure=False, **place)
        except Exception as error:  # cannot be sent
            self._tell(Broke(key, error))
            return
        here.tasks[key] = task, part.address
        here.run(self._follow(here, key, task))

    async def _follow(self, here: Connection, key: str, task: Any) -> None:
        try:
            self._tell(Returned(key, await task))
        except CancelledError:  # not asyncio's
            here.lost = here.lost or key in here.tasks  # not by us: the scheduler has forgotten it
            here.look.set()
        except Exception as error:
            self._tell(Broke(key, error))
        finally:
            here.tasks.pop(key, None)
            task.release()

    async def _cancel(self, here: Connection, address: str, tickets: tuple[int, ...]) -> None:
        for _ in range(TRIES):
            if await self._ask(here, address, cluster_task.cancel, here.topic, tickets):
                break

    async def _release(self, here: Connection, keys: Collection[str]) -> None:
        tasks = [here.tasks.pop(key)[0] for key in keys if key in here.tasks]
        if tasks:
            with contextlib.suppress(OSError):
                await here.client.cancel(tasks)

    def _rings(self, here: Connection, told: Sequence[Any]) -> None:
        address, turns, turning, mail = told
        self._tell(Turned(address, turns, tuple(turning)))
        if mail:
            self._fetch_soon(here, address)

    def _notices(self, here: Connection, told: Any) -> None:
        """What the scheduler says to everybody: who comes and who goes."""
        action = told.get("action") if isinstance(told, dict) else ""
        if action == "remove-worker":
            here.facts.pop(told["worker"], None)
            self._tell(Gone(told["worker"], bool(told.get("expected"))))
        if action in ("add-worker", "remove-worker"):
            here.look.set()

    def _fetch_soon(self, here: Connection, address: str) -> None:
        idle = address not in here.fetching
        here.fetching[address] = True
        if idle:
            here.run(self._fetch(here, address))

    async def _fetch(self, here: Connection, address: str) -> None:
        """Ask for mail, and once more when its bell rings meanwhile."""
        try:
            while here.fetching[address]:
                here.fetching[address] = False
                mail = await self._ask(here, address, cluster_task.take, here.topic)
                if isinstance(mail, Mail):
                    self._tell(Fetched(address, mail))
        finally:
            del here.fetching[address]

    def _tell(self, message: News) -> None:
        self._news.append(message)
        if not self._rung:
            self._rung = True
            self._ringer.send_bytes(b"!")
