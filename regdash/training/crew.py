"""The crew: all live stacks of a process, advanced one segment of one stack at a time."""

import time
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field

from regdash.errors import sentence
from regdash.experiment import Experiment
from regdash.record import RunRecord
from regdash.training.groups import resting_bytes, room, stack_bytes, stack_key
from regdash.training.live import STACK_BYTES, LiveStack
from regdash.training.seat import Seat, own_weights
from regdash.training.trail import Progress

FAIR_TURN = 4  # every fourth turn is that of the stack which has waited longest


@dataclass(frozen=True)
class Member:
    """One run: its ticket, whether it is looked at on the way, and with whose runs alone it may share a stack."""

    ticket: int
    experiment: Experiment
    probed: bool = False
    company: str = ""


@dataclass(frozen=True)
class Turn:
    """What one segment of one stack has brought, by ticket."""

    progress: dict[int, Progress] = field(default_factory=dict)
    ended: dict[int, RunRecord] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    epochs: int = 0  # of all members together


@dataclass(frozen=True)
class StackView:
    """A live stack as others may see it."""

    label: str
    members: int
    epochs_left: int  # of the member that has most before it


@dataclass(eq=False)
class Post:
    """A live stack and who is about to join it."""

    key: Hashable
    example: Experiment
    most: int
    live: LiveStack
    newcomers: list[Member] = field(default_factory=list)
    last_turn: int = 0

    @property
    def tickets(self) -> tuple[int, ...]:
        return (*(trail.ticket for trail in self.live.trails), *(member.ticket for member in self.newcomers))

    @property
    def attained(self) -> float:
        """The seconds of training that its youngest member has had."""
        return 0.0 if self.newcomers else min((trail.attained for trail in self.live.trails), default=0.0)

    @property
    def view(self) -> StackView:
        parts = self.example.data, self.example.network, self.example.optimizer
        left = [trail.seat.to_go for trail in self.live.trails]
        left += [member.experiment.training.epochs for member in self.newcomers]
        return StackView(", ".join(part.label for part in parts), len(self.tickets), max(left, default=0))


@dataclass(frozen=True)
class Comer:
    """A member that has asked to join: where it belongs, and its bytes at rest."""

    member: Member
    key: Hashable
    held: int


class Crew:
    """Trains members as they come: each joins a stack of its kind, and leaves it when it ends.

    The stack whose youngest member has had the least training time has the next turn, so that a newcomer has its first
    curve at once and a long run costs the others little; every fourth turn is that of the stack which has waited
    longest. Above `max_members`, or when its members would need more than `memory_bytes` while they train, a stack of
    the same kind begins beside a full one, and they take turns. Members beyond what the memory holds at rest wait.
    """

    def __init__(
        self,
        segment_seconds: float = 0.2,
        max_members: int = 256,
        memory_bytes: int = 2**32,
        max_seconds: float = 600.0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._segment_seconds = segment_seconds
        self._max_members = max_members
        self._memory_bytes = memory_bytes
        self._max_seconds = max_seconds
        self._clock = clock
        self._posts: list[Post] = []
        self._outside: list[Comer] = []
        self._held: dict[int, int] = {}  # bytes of each member at rest
        self._cancelled: set[int] = set()
        self._turns = 0

    @property
    def tickets(self) -> set[int]:
        """The members that have not ended."""
        return {comer.member.ticket for comer in self._outside}.union(*(post.tickets for post in self._posts))

    def add(self, members: Sequence[Member]) -> None:
        """Take members on; they join a live stack of their key, or begin one, at its next turn."""
        self._outside += [_comer(member) for member in members]
        self._admit()

    def cancel(self, tickets: Collection[int]) -> None:
        """Let members end with what they have learnt; they do so in the next turn of their stack, which comes soon."""
        self._cancelled |= set(tickets) & self.tickets
        self._admit()

    def stacks(self) -> list[StackView]:
        """The live stacks."""
        return [post.view for post in self._posts]

    def next(self) -> tuple[int, ...]:
        """The tickets of the stack whose turn comes."""
        return self._chosen().tickets if self._posts else ()

    def turn(self) -> Turn:
        """Advance the stack whose turn it is by one segment."""
        if not self._posts:
            return Turn()
        post, began = self._chosen(), self._clock()
        self._turns += 1
        post.last_turn = self._turns
        errors = self._seat(post)
        ended, lost = post.live.leave(self._cuts(post))
        errors |= lost
        epochs, lost = post.live.segment(self._segment_seconds)
        errors |= lost
        seconds = self._clock() - began
        post.live.spent(seconds)
        late, lost = post.live.leave(self._cuts(post))
        errors |= lost
        ended |= late
        self._forget(post, {*ended, *errors})
        return Turn(
            progress={trail.ticket: trail.progress for trail in post.live.trails},
            ended=ended,
            failed={ticket: sentence(error) for ticket, error in errors.items()},
            seconds=seconds,
            epochs=epochs,
        )

    def _chosen(self) -> Post:
        """The stack whose turn it is: one that a cancelled member wants to leave, else the least served."""
        leaving = [post for post in self._posts if self._cancelled.intersection(post.tickets)]
        if leaving:
            return leaving[0]
        if self._turns % FAIR_TURN == FAIR_TURN - 1:
            return min(self._posts, key=lambda post: post.last_turn)
        return min(self._posts, key=lambda post: (post.attained, post.last_turn))

    def _cuts(self, post: Post) -> dict[int, str]:
        """Who has to leave, and the word for it."""
        late = [trail.ticket for trail in post.live.trails if trail.attained >= self._max_seconds]
        return dict.fromkeys(late, "stopped at the time limit") | dict.fromkeys(self._cancelled, "cancelled")

    def _seat(self, post: Post) -> dict[int, Exception]:
        """Let newcomers join; those that cannot even begin fail alone."""
        seated: list[tuple[int, Seat]] = []
        errors: dict[int, Exception] = {}
        for member in post.newcomers:
            try:
                seat = Seat(member.experiment, member.probed, own_weights(member.experiment))
            except Exception as error:
                errors[member.ticket] = error
            else:
                seated.append((member.ticket, seat))
        post.newcomers = []
        return errors | (post.live.join(seated) if seated else {})

    def _admit(self) -> None:
        """Send members that fit the memory to their stacks, in their order, and those that only want to leave."""
        waiting: list[Comer] = []
        for comer in self._outside:
            fits = not waiting and sum(self._held.values()) + comer.held <= self._memory_bytes
            if fits or not self._held or comer.member.ticket in self._cancelled:
                self._held[comer.member.ticket] = comer.held
                self._post_for(comer).newcomers.append(comer.member)
            else:
                waiting.append(comer)
        self._outside = waiting

    def _post_for(self, comer: Comer) -> Post:
        """The first stack of its key with a free place, or a new one."""
        for post in self._posts:
            if post.key == comer.key and len(post.tickets) < post.most:
                return post
        example = comer.member.experiment
        fits = self._memory_bytes // stack_bytes(example)
        most = max(1, min(self._max_members, room(example), fits))
        live = LiveStack(example, min(STACK_BYTES, self._memory_bytes))
        self._posts.append(Post(comer.key, example, most, live, last_turn=self._turns))
        return self._posts[-1]

    def _forget(self, post: Post, gone: Collection[int]) -> None:
        for ticket in gone:
            self._held.pop(ticket, None)
        self._cancelled.difference_update(gone)
        if not post.tickets:
            self._posts.remove(post)
        self._admit()


def _comer(member: Member) -> Comer:
    key = (member.company, *stack_key(member.experiment))
    return Comer(member, key, resting_bytes(member.experiment))
