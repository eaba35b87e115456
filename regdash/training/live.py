"""A live stack: members of one `stack_key` in as many lanes as pay, advanced together."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Lock

from regdash.experiment import Experiment
from regdash.record import RunRecord
from regdash.training.backend import LANES, LARGEST_PART
from regdash.training.groups import stack_bytes
from regdash.training.lane import Lane
from regdash.training.seat import Seat
from regdash.training.trail import Trail

STACK_BYTES = 2**31  # for what the members of all lanes hold in memory while they train
ONE_AT_A_TIME = Lock()  # image networks, whoever trains them

Failure = tuple[Lane, Exception]


def at_once(experiment: Experiment) -> int:
    """How many lanes run at the same time.

    Image networks take turns: convolutions that TensorFlow 2.21 ran in two threads at once on a busy CPU gave nan,
    about once in some hundred trainings.
    """
    return 1 if experiment.network.images else LANES


def largest_part(experiment: Experiment, memory_bytes: int = STACK_BYTES) -> int:
    """How many members of this shape one lane takes at once, so that all lanes fit the memory."""
    return int(max(1, min(LARGEST_PART, min(STACK_BYTES, memory_bytes) // (stack_bytes(experiment) * LANES))))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(LANES, "lane")


class LiveStack:
    """Lanes of members that share a key; members come and go between two segments."""

    def __init__(self, example: Experiment, memory_bytes: int = STACK_BYTES) -> None:
        self.lanes: list[Lane] = []
        self._at_once = at_once(example)
        self._most = largest_part(example, memory_bytes)

    @property
    def trails(self) -> list[Trail]:
        return [trail for lane in self.lanes for trail in lane.trails]

    def join(self, newcomers: Sequence[tuple[int, Seat]]) -> dict[int, Exception]:
        """Share newcomers out: to new lanes while more lanes pay, else to the lane with the fewest members.

        What went wrong, by ticket: where a lane cannot go on, of all its members.
        """
        total = len(self.trails) + len(newcomers)
        wanted = LANES * -(-total // (LANES * self._most))
        self.lanes += [Lane() for _ in range(max(0, min(wanted - len(self.lanes), len(newcomers))))]
        shares: dict[Lane, list[tuple[int, Seat]]] = {lane: [] for lane in self.lanes}
        for newcomer in newcomers:
            fewest = min(shares, key=lambda lane: len(lane.trails) + len(shares[lane]))
            shares[fewest].append(newcomer)
        joining = [lane for lane, share in shares.items() if share]
        failed = [each for lane in joining if (each := _guarded(lambda lane: lane.join(shares[lane]), lane))]
        lost = {ticket: error for lane, error in failed for ticket, _ in shares[lane]}
        return self._without(failed) | lost

    def segment(self, seconds: float) -> tuple[int, dict[int, Exception]]:
        """Train through one segment: the epochs of all members together, and what went wrong, by ticket."""
        rounds = max(1.0, len(self.lanes) / self._at_once)
        epochs: list[int] = []
        failed = self._each(lambda lane: epochs.append(lane.segment(seconds / rounds)), self.lanes)
        return sum(epochs), self._without(failed)

    def spent(self, seconds: float) -> None:
        """Write down for all members what a turn took."""
        for trail in self.trails:
            trail.attained += seconds
            trail.own_seconds += seconds / len(self.trails)

    def leave(self, cuts: Mapping[int, str]) -> tuple[dict[int, RunRecord], dict[int, Exception]]:
        """Let those leave who are at their end, and those with a word in `cuts`; records and what went wrong."""
        records: dict[int, RunRecord] = {}
        failed = self._each(lambda lane: records.update(lane.leave(cuts)), self.lanes)
        lost = self._without(failed)
        self.lanes = [lane for lane in self.lanes if lane.trails]
        return records, lost

    def _each(self, work: Callable[[Lane], object], lanes: Sequence[Lane]) -> list[Failure]:
        """Do some work for each lane; those whose work failed, with their errors."""
        if self._at_once == 1:
            with ONE_AT_A_TIME:
                found = [_guarded(work, lane) for lane in lanes]
        elif len(lanes) > 1:
            found = list(_threads().map(lambda lane: _guarded(work, lane), lanes))
        else:
            found = [_guarded(work, lane) for lane in lanes]
        return [each for each in found if each is not None]

    def _without(self, failed: Sequence[Failure]) -> dict[int, Exception]:
        """Give lanes up in which something went wrong."""
        gone = [lane for lane, _ in failed]
        self.lanes = [lane for lane in self.lanes if lane not in gone]
        return {trail.ticket: error for lane, error in failed for trail in lane.trails}


def _guarded(work: Callable[[Lane], object], lane: Lane) -> Failure | None:
    try:
        work(lane)
    except Exception as error:
        return lane, error
    return None
