"""Collect patients: several requests at a time, until there are enough or it is of no use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TypeAlias

from synth_magic.engines.answer import Progress, Usage, Watch
from synth_magic.engines.claude.budget import estimate, prompt_tokens
from synth_magic.engines.claude.exchange import Ask, Exchange, Reply, Request
from synth_magic.engines.claude.listening import SECONDS_BETWEEN_REPORTS
from synth_magic.engines.rows.reading import Row, Rows
from synth_magic.engines.writing import counted
from synth_magic.errors import AnswerError, BudgetError, CallError, EngineError

MOST_TRIES = 2
"""So many times the requests that would do are made at most, and SPARE more."""
SPARE = 2
FRUITLESS = 3
"""After so many answers on end that break off or hold no patient of use, no more are asked for."""
BUSY = 3
"""So many times a request is made again that the server had no room for."""
LONGEST_WAIT = 0.5

Asker: TypeAlias = Callable[[Watch], Ask]
"""Gives what asks the model and tells that watch how far it has come; several may ask at once."""
Numbered: TypeAlias = Callable[[int], Request]
"""Gives the request of this number, counted from 0."""
Reader: TypeAlias = Callable[[str], Rows]
"""Reads the text of an answer, whole or not."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request by its number, with its reply, which may have broken off."""

    number: int
    request: Request
    reply: Reply


class Stop(BaseException):
    """Raised in a thread whose answer nobody waits for any more."""


@dataclass(slots=True)
class Collection:
    """The patients so far, and the answers that they came in, by the numbers of the requests.

    All of these numbers are below `most`.
    """

    wanted: int
    per_request: int
    request: Numbered
    read: Reader
    answers: dict[int, Answered] = field(default_factory=dict)
    most: int = field(init=False)
    _rows: dict[int, Rows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Allow for requests."""
        self.allow()

    def take(self, answered: Answered) -> int:
        """Add an answer, and return how many patients of it can be used."""
        rows = self.read(answered.reply.text)
        self._rows[answered.number] = rows
        self.answers[answered.number] = answered
        return len(rows.accepted)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The patients that can be used, in the order of the requests, as many as are wanted."""
        found = [row for number in sorted(self._rows) for row in self._rows[number].accepted]
        return tuple(found[: self.wanted])

    @property
    def rejected(self) -> tuple[str, ...]:
        """Why each of the others cannot be used, in the answers that these came in."""
        return tuple(why for rows in self._used for why in rows.rejected)

    @property
    def made(self) -> int:
        """How many answers these came in."""
        return len(self._used)

    @property
    def _used(self) -> list[Rows]:
        """What the answers hold, in the order of the requests, until there are enough."""
        answers = [self._rows[number] for number in sorted(self._rows)]
        held = accumulate(len(rows.accepted) for rows in answers)
        return answers[: sum(number < self.wanted for number in held) + 1]

    @property
    def lacking(self) -> int:
        """How many patients are still to come."""
        return self.wanted - len(self.rows)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests and replies, in the order of the requests."""
        return tuple(
            Exchange(a.request, a.reply, accepted=bool(self._rows[number].accepted))
            for number, a in sorted(self.answers.items())
        )

    @property
    def next(self) -> int:
        """The number of the next request."""
        return max(self.answers, default=-1) + 1

    def allow(self) -> None:
        """Let as many requests be made as may be needed for the patients who are lacking."""
        self.most = self.next + MOST_TRIES * ceil(self.lacking / self.per_request) + SPARE


def collect(collection: Collection, asker: Asker, at_once: int, watch: Watch) -> None:
    """Ask until the collection has all its patients, so many requests at a time.

    What comes is put into the collection, whatever happens: of an answer that breaks off, the
    patients that are whole, and others are asked for in their place. A request that the server or
    the budget had no room for is made again, with fewer others beside it. Raises what asking
    raises, AnswerError if too few answers can be used, and KeyboardInterrupt at once: then what was
    last told of the answers under way is put in as well.
    """
    _Run(collection, asker, at_once, watch).run()


@dataclass(slots=True)
class _Run:
    collection: Collection
    asker: Asker
    at_once: int
    watch: Watch
    news: SimpleQueue[tuple[int, Progress | Answered | BaseException]] = field(
        default_factory=SimpleQueue
    )
    under_way: dict[int, Progress] = field(default_factory=dict)
    again: list[int] = field(default_factory=list)
    busy: dict[int, int] = field(default_factory=dict)
    fruitless: int = 0
    stopped: bool = False
    problem: EngineError | None = None
    _next: int = 0
    _quiet_until: float = 0.0

    def run(self) -> None:
        self._next = self.collection.next
        try:
            self._start()
            while self.under_way:
                self._listen()
                self._report()
        except BaseException:
            self.stopped = True
            self._keep_halves()
            raise
        if self.collection.lacking:
            raise self.problem or too_few(self.collection)

    def _listen(self) -> None:
        """Hear what comes, at least until somebody may be told of it."""
        told = True
        while self.under_way and (told or monotonic() < self._quiet_until):
            # Not for longer: some systems see no interrupt while this waits.
            pause = LONGEST_WAIT if told else self._quiet_until - monotonic()
            with suppress(Empty):
                self._hear(*self.news.get(timeout=max(pause, 0)))
                self._start()
                told = False

    def _start(self) -> None:
        """Begin as many requests as there is room and need for."""
        while not self.problem and len(self.under_way) < self.at_once:
            expected = len(self.under_way) * self.collection.per_request
            if self.collection.lacking <= expected:
                return
            if self.again:
                number = self.again.pop(0)
            elif self._next < self.collection.most and self.fruitless < FRUITLESS:
                number, self._next = self._next, self._next + 1
            else:
                return
            self.under_way[number] = Progress("", "waiting")
            Thread(target=self._ask, args=(number,), daemon=True).start()

    def _ask(self, number: int) -> None:
        """Make one request, in a thread of its own."""

        def tell(progress: Progress) -> None:
            if self.stopped:
                raise Stop
            self.news.put((number, progress))

        try:
            request = self.collection.request(number)
            self.news.put((number, Answered(number, request, self.asker(tell)(request))))
        except Stop:
            return
        except BaseException as error:
            self.news.put((number, error))

    def _hear(self, number: int, event: Progress | Answered | BaseException) -> None:
        match event:
            case Progress():
                self.under_way[number] = event
                return
            case Answered():
                self._taken(self.collection.take(event))
            case CallError(busy=True) if self.busy.get(number, 0) < BUSY and not event.answer:
                self.busy[number] = self.busy.get(number, 0) + 1
                self._make_again(number, fewer=self.at_once // 2)
            case BudgetError() if len(self.under_way) > 1:  # what they leave of theirs may do
                self._make_again(number, fewer=len(self.under_way) - 1)
            case AnswerError():
                self._taken(self._half(number, event.answer), event)
            case CallError() if event.answer:
                self._half(number, event.answer)
                self._taken(0, event)
            case EngineError():
                self.problem = self.problem or event
            case _:
                raise event
        del self.under_way[number]

    def _make_again(self, number: int, fewer: int) -> None:
        self.again.append(number)
        self.at_once = max(1, min(self.at_once, fewer))

    def _taken(self, rows: int, problem: EngineError | None = None) -> None:
        self.fruitless = 0 if rows else self.fruitless + 1
        if self.fruitless >= FRUITLESS:
            self.problem = self.problem or problem

    def _half(self, number: int, text: str) -> int:
        """Add an answer that broke off, if it holds anything."""
        if not text:
            return 0
        request = self.collection.request(number)
        usage = Usage(prompt_tokens(request), estimate(text), calls=1, estimated=True)
        reply = Reply(text, self.under_way[number].model, usage)
        return self.collection.take(Answered(number, request, reply))

    def _keep_halves(self) -> None:
        while not self.news.empty():
            number, event = self.news.get()
            if isinstance(event, Answered):
                self.collection.take(event)
                self.under_way.pop(number, None)
            elif isinstance(event, Progress):
                self.under_way[number] = event
        for number, progress in self.under_way.items():
            self._half(number, progress.text)

    def _report(self) -> None:
        """Tell whoever watches of the patients who have come whole so far.

        Between two reports at least as much time passes as one takes, for there may be many answers
        under way, each of them long.
        """
        began = monotonic()
        self._tell()
        self._quiet_until = monotonic() + max(SECONDS_BETWEEN_REPORTS, monotonic() - began)

    def _tell(self) -> None:
        model = next((p.model for p in self.under_way.values() if p.model), "")
        if not model:
            return
        halves = [self.collection.read(p.text).accepted for p in self.under_way.values()]
        rows = (*self.collection.rows, *(row for half in halves for row in half))
        first = next(iter(self.under_way.values()))
        self.watch(
            Progress(
                model,
                f"{first.stage.rpartition(': ')[2]}, {len(self.under_way)} at once",
                tokens=self._tokens(),
                rows=rows[: self.collection.wanted],
                wanted=self.collection.wanted,
            )
        )

    def _tokens(self) -> int:
        done = sum(a.reply.usage.output_tokens for a in self.collection.answers.values())
        return done + sum(progress.tokens for progress in self.under_way.values())


def too_few(collection: Collection) -> AnswerError:
    """Return the error of a collection for which asking on is of no use."""
    told = "; ".join(counted_reasons(collection.rejected))
    last = max(collection.answers.values(), key=lambda a: a.number, default=None)
    answers = counted(len(collection.answers), "answer", "answers")
    return AnswerError(
        f"{answers} held only {len(collection.rows):,} of {collection.wanted:,} patients that can "
        f"be used{f': {told}' if told else ''}. Ask again, change the setting model, or describe "
        "the variables more plainly",
        last.reply.text if last else "",
    )


def counted_reasons(reasons: Sequence[str], most: int = 5) -> Iterator[str]:
    """Yield each reason once with how often it was one, the most frequent first."""
    by_count = Counter(reasons).most_common()
    for reason, count in by_count[:most]:
        yield f"{count:,} because {reason}"
    if rest := sum(count for _, count in by_count[most:]):
        yield f"{rest:,} for other reasons"
