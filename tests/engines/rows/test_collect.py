"""Collecting patients: several requests at a time, and what is kept of answers that go wrong.

No server: each request is answered by a function, in the threads that the collection begins.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Barrier, Condition, Event, Lock
from typing import TypeAlias

import pytest

from synth_magic.engines.answer import Progress, Watch, unwatched
from synth_magic.engines.claude.exchange import Ask, Reply, Request
from synth_magic.engines.rows.collect import BUSY, FRUITLESS, Collection, Stop, collect
from synth_magic.engines.rows.method import Method
from synth_magic.engines.rows.prompt import request
from synth_magic.engines.rows.reading import read
from synth_magic.errors import (
    AnswerError,
    BudgetError,
    CallError,
    CredentialsError,
    EngineError,
)
from tests.engines.rows.builders import each, form, reply

LIMIT = 30  # seconds, after which a test that hangs fails
METHOD = Method(10)
NOBODY = each(age=5)

Behave: TypeAlias = Callable[[int, Request, Watch], Reply]


def collection(wanted: int) -> Collection:
    return Collection(
        wanted,
        10,
        lambda number: request(form(), METHOD, number, 10),
        partial(read, columns=form().columns),
    )


def good(number: int, asked: Request, tell: Watch) -> Reply:
    return reply(asked)


class Model:
    """Answers each request as `behave` does; knows the numbers that it was asked, in order."""

    def __init__(self, behave: Behave = good) -> None:
        self.behave = behave
        self.asked: list[int] = []
        self.active = 0
        self.most_active = 0
        self._lock = Lock()

    def __call__(self, tell: Watch) -> Ask:
        def ask(asked: Request) -> Reply:
            number = int(asked.stage.removeprefix("request ")) - 1
            with self._lock:
                self.asked.append(number)
                self.active += 1
                self.most_active = max(self.active, self.most_active)
            try:
                tell(Progress("model", f"{asked.stage}: waiting"))
                return self.behave(number, asked, tell)
            finally:
                with self._lock:
                    self.active -= 1

        return ask


def failing(error: Callable[[], EngineError], *numbers: int) -> Behave:
    """Fails in the requests of these numbers, or in all."""

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        if number in numbers or not numbers:
            raise error()
        return reply(asked)

    return behave


def written(wanted: int) -> list[dict[str, object]]:
    """All patients of so many, as a model that does no wrong writes them."""
    whole = collection(wanted)
    collect(whole, Model(), 1, unwatched)
    return list(whole.rows)


def half(asked: Request, patients: int = 4) -> str:
    """An answer that breaks off after so many patients, in the middle of the next."""
    text = reply(asked).text
    return "{".join(text.split("{")[: patients + 2]) + '{"age": 4'


def test_as_many_requests_are_made_as_are_needed() -> None:
    found, model = collection(35), Model()
    collect(found, model, 2, unwatched)
    assert len(found.rows) == 35
    assert sorted(model.asked) == [0, 1, 2, 3]
    assert [exchange.request.stage for exchange in found.exchanges] == [
        f"request {number}" for number in (1, 2, 3, 4)
    ]
    assert all(exchange.accepted for exchange in found.exchanges)


def test_several_requests_are_under_way_at_a_time_and_no_more_than_that() -> None:
    together = Barrier(4)

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        together.wait(LIMIT)  # which only four at a time get through
        return reply(asked)

    found, model = collection(160), Model(behave)
    collect(found, model, 4, unwatched)
    assert model.most_active == 4
    assert len(model.asked) == 16


def test_patients_stand_in_the_order_of_the_requests_not_of_the_answers() -> None:
    answered = [Event() for _ in range(5)]
    answered[4].set()
    arrived = []

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        assert answered[number + 1].wait(LIMIT)
        arrived.append(number)
        answered[number].set()
        return reply(asked)

    found = collection(40)
    collect(found, Model(behave), 4, unwatched)
    assert arrived == [3, 2, 1, 0]
    assert list(found.rows) == written(40)


def test_where_the_server_has_no_room_fewer_are_asked_at_once_and_nothing_is_lost() -> None:
    full, heard = Barrier(4), Event()
    later: list[int] = []

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        if number < 4 and model.asked.count(number) == 1:
            full.wait(LIMIT)
            if number == 2:
                raise CallError("no room; ask again", busy=True)
        else:
            later.append(model.active)
        assert heard.wait(LIMIT)
        return reply(asked)

    def watch(progress: Progress) -> None:
        if "3 at once" in progress.stage:
            heard.set()

    found, model = collection(100), Model(behave)
    collect(found, model, 4, watch)
    assert list(found.rows) == written(100)
    assert model.asked.count(2) == 2
    assert len(later) == 7
    assert max(later) <= 2


def test_a_server_that_never_has_room_is_asked_so_often_and_no_more() -> None:
    error = CallError("no room; ask again", busy=True)
    found, model = collection(30), Model(failing(lambda: error, 1))
    with pytest.raises(CallError) as caught:
        collect(found, model, 2, unwatched)
    assert caught.value is error
    assert model.asked.count(1) == BUSY + 1
    assert 0 in found.answers


def test_what_the_budget_has_no_room_for_waits_for_the_others() -> None:
    full = Barrier(3)

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        if model.asked.count(number) == 1 and number < 3:
            full.wait(LIMIT)
            if number == 2:
                raise BudgetError("no room; raise the setting token_budget")
        return reply(asked)

    found, model = collection(60), Model(behave)
    collect(found, model, 3, unwatched)
    assert list(found.rows) == written(60)
    assert model.asked.count(2) == 2


def test_a_budget_that_is_spent_ends_it() -> None:
    found = collection(30)
    with pytest.raises(BudgetError, match=r"^no room$"):
        collect(found, Model(failing(lambda: BudgetError("no room"), 1, 2)), 3, unwatched)
    assert set(found.answers) == {0}


def test_an_error_lets_the_others_end_and_begins_no_more() -> None:
    failed = Event()

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        if number == 0:
            raise CredentialsError("no such key")
        assert failed.wait(LIMIT)
        return reply(asked)

    def watch(progress: Progress) -> None:
        if "1 at once" in progress.stage:
            failed.set()

    found, model = collection(100), Model(behave)
    with pytest.raises(CredentialsError):
        collect(found, model, 2, watch)
    assert sorted(model.asked) == [0, 1]
    assert set(found.answers) == {1}


def test_other_patients_are_asked_for_in_place_of_those_that_cannot_be_used() -> None:
    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        return reply(asked, lambda some: [some[0] | {"age": 5}, *some[1:6]])

    found, model = collection(20), Model(behave)
    collect(found, model, 3, unwatched)
    assert len(found.rows) == 20
    assert len(model.asked) == 4
    assert found.rejected == ("age is below 18",) * 4


def test_they_are_asked_for_a_bounded_number_of_times() -> None:
    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        return reply(asked, lambda some: [some[0], *NOBODY(some[1:])])

    found, model = collection(30), Model(behave)
    with pytest.raises(AnswerError) as caught:
        collect(found, model, 4, unwatched)
    assert len(model.asked) == 2 * 3 + 2
    assert str(caught.value) == (
        "8 answers held only 8 of 30 patients that can be used: 72 because age is below 18. Ask "
        "again, change the setting model, or describe the variables more plainly"
    )
    found.allow()  # asked again, it goes on
    collect(found, Model(), 1, unwatched)
    assert len(found.rows) == 30


@pytest.mark.parametrize("text", ["[]", "I would rather not."])
def test_after_three_fruitless_answers_on_end_no_more_are_asked_for(text: str) -> None:
    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        return Reply(text, "model", reply(asked).usage) if number != 2 else reply(asked)

    found, model = collection(90), Model(behave)
    with pytest.raises(AnswerError, match=r"^6 answers held only 10 of 90 patients"):
        collect(found, model, 1, unwatched)
    assert model.asked == list(range(3 + FRUITLESS))
    assert [exchange.accepted for exchange in found.exchanges] == [n == 2 for n in range(6)]


def test_of_refusals_the_third_on_end_is_told() -> None:
    found, model = collection(30), Model(failing(lambda: AnswerError("I refuse; ask others")))
    with pytest.raises(AnswerError, match=r"^I refuse; ask others$"):
        collect(found, model, 1, unwatched)
    assert model.asked == [0, 1, 2]


@pytest.mark.parametrize("kind", [CallError, AnswerError])
def test_of_an_answer_that_breaks_off_whole_patients_are_kept_and_the_rest_asked_for(
    kind: type[CallError | AnswerError],
) -> None:
    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        if number == 1:
            raise kind("it broke off", half(asked))
        return reply(asked)

    found, model = collection(30), Model(behave)
    collect(found, model, 2, unwatched)
    assert sorted(model.asked) == [0, 1, 2, 3]
    assert len(found.rows) == 30
    assert list(found.rows[:14]) == written(20)[:14]
    assert found.exchanges[1].reply.usage.estimated
    assert found.rejected == ()


def test_a_connection_that_breaks_off_each_time_is_given_up() -> None:
    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        raise CallError("the connection was lost", half(asked))

    found, model = collection(90), Model(behave)
    with pytest.raises(CallError, match=r"^the connection was lost$"):
        collect(found, model, 1, unwatched)
    assert model.asked == [0, 1, 2]
    assert len(found.rows) == 12


def test_stopped_by_the_user_it_keeps_what_came_and_the_threads_end() -> None:
    ended: list[int] = []
    silence, all_ended = Event(), Event()

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        if number == 0:
            return reply(asked)
        tell(Progress("model", f"{asked.stage}: writing", text=half(asked)))
        assert silence.wait(LIMIT)
        try:
            tell(Progress("model", f"{asked.stage}: writing"))
        except Stop:
            ended.append(number)
            if len(ended) == 2:
                all_ended.set()
            raise
        return reply(asked)

    def watch(progress: Progress) -> None:
        if len(progress.rows) == 10 + 4 + 4:
            raise KeyboardInterrupt

    found = collection(50)
    with pytest.raises(KeyboardInterrupt):
        collect(found, Model(behave), 2, watch)
    silence.set()
    assert all_ended.wait(LIMIT)
    assert sorted(ended) == [1, 2]
    assert len(found.rows) == 18
    assert [exchange.reply.model for exchange in found.exchanges] == ["model"] * 3


def test_whoever_watches_sees_patients_as_they_come_and_never_more_than_are_wanted() -> None:
    seen: list[Progress] = []
    heard = Condition()

    def watch(progress: Progress) -> None:
        with heard:
            seen.append(progress)
            heard.notify()

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        for patients in (0, 2, 7):
            text, there = half(asked, patients), min(10 * number + patients, 15)
            tell(Progress("model", f"{asked.stage}: writing", tokens=50 * patients, text=text))
            with heard:
                assert heard.wait_for(lambda: seen and len(seen[-1].rows) == there, LIMIT)  # noqa: B023
        return reply(asked)

    found = collection(15)
    collect(found, Model(behave), 1, watch)
    counts = [len(progress.rows) for progress in seen]
    assert counts == sorted(counts)
    assert set(counts) == {0, 2, 7, 10, 12, 15}
    assert {progress.wanted for progress in seen} == {15}
    assert max(progress.tokens for progress in seen) == 20 + 350
    assert seen[-1].rows[:10] == found.rows[:10]
    assert all(progress.stage.endswith(", 1 at once") for progress in seen)


def test_however_many_tell_how_far_they_are_whoever_watches_is_told_now_and_then() -> None:
    seen: list[Progress] = []

    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        text = half(asked)
        for _ in range(500):
            tell(Progress("model", f"{asked.stage}: writing", text=text))
        return reply(asked)

    found = collection(40)
    collect(found, Model(behave), 4, seen.append)
    assert len(found.rows) == 40
    assert 0 < len(seen) < 200


def test_a_mistake_of_ours_is_not_taken_for_one_of_the_server() -> None:
    def behave(number: int, asked: Request, tell: Watch) -> Reply:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collect(collection(10), Model(behave), 1, unwatched)


def test_what_is_there_already_is_not_asked_for_again() -> None:
    first, model = collection(20), Model()
    collect(first, model, 2, unwatched)
    more = collection(35)
    for answered in first.answers.values():
        more.take(answered)
    more.allow()
    collect(more, model, 2, unwatched)
    assert sorted(model.asked) == [0, 1, 2, 3]
    assert list(more.rows) == written(35)


def test_half_an_answer_holds_what_these_tests_say() -> None:
    asked = request(form(), METHOD, 0, 10)
    found = collection(10).read
    assert [len(found(half(asked, number)).accepted) for number in (0, 2, 7)] == [0, 2, 7]
