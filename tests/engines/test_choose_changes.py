"""Who answers a change of what was before, and what of it stays; what is left aside afresh."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synth_magic.engines import engine
from synth_magic.engines.answer import Answer, unwatched
from synth_magic.engines.claude.elicit import elicit
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.refinement import refinement
from synth_magic.engines.settings import Settings
from synth_magic.errors import RecordingError
from synth_magic.sampling import compiled
from synth_magic.spec import CohortSpec
from synth_magic.spec.edits import edit, is_edit, told, with_edit
from tests.engines.claude.builders import TABLE, Model, answer, quantiles, question, variable
from tests.engines.recorded.builders import exchange, recording
from tests.messages_api import MessagesApi, Says

pytestmark = pytest.mark.usefixtures("no_credentials")

GOOD = Says(json.dumps(answer()))
OTHER = Says(json.dumps(answer(title="Another")))
KEY = Key.of(question(), Settings())
BEFORE = compiled(elicit(question(), Model(answer())).spec).spec
NO_STAGE = Says(json.dumps({"variables": [], "removed": ["stage"]}))
NO_AGE = Says(json.dumps({"variables": [], "removed": ["age"]}))
GOUT = "Adults with gout and creatinine."
INTO_YOURS = (
    "The recorded answer changed another version than yours; its change was put into yours."
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def server(messages_api: MessagesApi) -> str:
    """A server that needs no key: where it is set, a model can be asked."""
    return messages_api.url


def record(**others: Any) -> str:
    return Store(".synthpatients").save(recording(**{"key": KEY} | others))


def tweaked(text: str, title: str = "Mine", **settings: Any) -> Answer:
    """Ask for another description of patients that were described by TABLE."""
    with_title = replace(BEFORE, title=title)
    asked = question(text, parent=with_title, parent_text=TABLE)
    return engine(Settings(**settings))(asked, unwatched)


def columns(made: Answer) -> list[str]:
    return [variable.name for variable in made.spec.variables]


def test_a_change_is_asked_for_and_replayed_with_and_without_what_it_changes(
    server: str, messages_api: MessagesApi
) -> None:
    messages_api.script(NO_STAGE)
    live = tweaked(GOUT, base_url=server)
    assert columns(live) == ["sex", "age", "creatinine"]
    assert "changed the specification on" in live.origin.summary
    sent = messages_api.requests[0].body
    assert "<earlier_specification>" in sent["messages"][0]["content"]
    assert "removed" in sent["output_config"]["format"]["schema"]["properties"]
    assert tweaked(GOUT).spec == live.spec
    assert tweaked(GOUT).origin.remarks == ()
    alone = engine(Settings())(question(GOUT), unwatched)
    assert alone.spec == live.spec
    assert alone.origin.remarks == (
        "The recorded answer was made as a change of an earlier version.",
    )
    other = tweaked(GOUT, "Another", base_url=server)
    assert other.spec == replace(live.spec, title="Another")
    assert other.origin.remarks == (INTO_YOURS,)
    assert len(messages_api.requests) == 1


def test_of_two_changes_that_of_the_user_s_own_specification_is_replayed() -> None:
    for title, said in (("One", NO_STAGE), ("Two", NO_AGE)):
        record(
            key=Key.of(question(GOUT), Settings()),
            exchanges=(exchange(said.text),),
            parent=replace(BEFORE, title=title).to_dict(),
            parent_text=TABLE,
            date=f"2026-11-2{len(title)}T10:00:00Z",
        )
    assert columns(tweaked(GOUT, "One")) == ["sex", "age", "creatinine"]
    assert columns(tweaked(GOUT, "Two")) == ["sex", "creatinine", "stage"]


def test_a_whole_answer_goes_before_a_change_of_another_version() -> None:
    record(
        key=Key.of(question(GOUT), Settings()),
        exchanges=(exchange(NO_STAGE.text),),
        parent=replace(BEFORE, title="One").to_dict(),
        parent_text=TABLE,
        date="2026-11-25T10:00:00Z",
    )
    assert tweaked(GOUT, "Mine").origin.remarks == (INTO_YOURS,)
    whole = record(key=Key.of(question(GOUT), Settings()))
    assert tweaked(GOUT, "Mine").origin.recording == whole
    assert tweaked(GOUT, "One").origin.recording != whole


def refined(parent: CohortSpec, words: str = "fewer columns", **settings: Any) -> Answer:
    return engine(Settings(**settings))(refinement(parent, TABLE, words), unwatched)


MINE = with_edit(BEFORE, edit("creatinine", "p50", 150))


def test_a_refinement_recorded_for_another_version_keeps_what_the_user_edited(
    server: str, messages_api: MessagesApi
) -> None:
    messages_api.script(NO_STAGE)
    assert columns(refined(BEFORE, base_url=server)) == ["sex", "age", "creatinine"]
    mine = refined(MINE, base_url=server)
    assert columns(mine) == ["sex", "age", "creatinine"]
    assert [told(fact) for fact in mine.spec.facts if is_edit(fact)] == ["creatinine: median 150"]
    assert mine.origin.remarks == (INTO_YOURS,)
    assert len(messages_api.requests) == 1


def test_a_recorded_refinement_that_would_undo_an_edit_is_asked_anew(
    server: str, messages_api: MessagesApi
) -> None:
    less = variable("creatinine", "continuous", quantiles(30, 40, 50, 70, 90, 120, 300, 400, 500))
    messages_api.script(Says(json.dumps({"variables": [less]})), NO_AGE)
    first = refined(BEFORE, "healthier", base_url=server)
    with pytest.raises(RecordingError, match="would undo creatinine: median 150"):
        refined(MINE, "healthier", engine="recorded")
    mine = refined(MINE, "healthier", base_url=server)
    assert mine.origin.engine == "claude"
    [remark] = mine.origin.remarks
    assert remark == (
        f"The recording {first.origin.recording} was passed over: it changed another version, and "
        "would undo creatinine: median 150."
    )


def test_a_whole_answer_to_the_words_of_a_refinement_keeps_what_was_edited() -> None:
    asked = refinement(MINE, TABLE, "fewer columns")
    record(key=Key.of(asked, Settings()))
    made = engine(Settings())(asked, unwatched)
    assert made.origin.remarks == ("Kept from your edits: creatinine: median 150.",)


def test_afresh_nothing_was_before_and_that_answer_is_replayed_then(
    server: str, messages_api: MessagesApi
) -> None:
    record(parent=BEFORE.to_dict(), parent_text=GOUT)
    messages_api.script(OTHER)
    asked = question(parent=BEFORE, parent_text=GOUT)
    made = engine(Settings(base_url=server, fresh=True))(asked, unwatched)
    assert "earlier_specification" not in str(messages_api.requests[0].body)
    assert made.spec.draw_order == ()
    assert engine(Settings())(asked, unwatched).spec.title == made.spec.title == "Another"


def test_the_same_description_is_no_change_and_what_was_edited_stays(
    server: str, messages_api: MessagesApi
) -> None:
    messages_api.script(GOOD)
    edited = with_edit(BEFORE, edit("age", "p50", 71))
    asked = question(parent=edited, parent_text=TABLE)
    made = engine(Settings(base_url=server))(asked, unwatched)
    assert "earlier_specification" not in str(messages_api.requests[0].body)
    assert made.origin.remarks == ("Kept from your edits: age: median 71.",)
    assert [f.value for f in made.spec.facts if f.statistic == "p50"] == [71]
    assert engine(Settings())(asked, unwatched).spec == made.spec


@pytest.mark.parametrize("name", ["offline", "auto", "recorded"])
def test_whoever_answers_draws_in_the_order_of_what_was_before(name: str) -> None:
    record()
    before = replace(BEFORE, variables=BEFORE.variables[::-1])
    asked = question(parent=before, parent_text=GOUT)
    made = engine(Settings(engine=name))(asked, unwatched)
    assert made.spec.draw_order == ("stage", "creatinine", "age", "sex")


def test_without_a_key_what_was_before_changes_by_what_the_words_say() -> None:
    words = TABLE.replace("60% are men", "70% are men")
    made = tweaked(words)
    after = compiled(made.spec).spec
    assert {c.part for c in BEFORE.diff(after).changes if c.about == "variable"} == {"sex"}
    assert made.origin.summary.startswith(
        "Changed offline, no language model was asked: 1 figure; the rest is the earlier "
        "specification. There is no key for one, and no recorded answer. To ask Claude, "
    )
    again = engine(Settings())(question(words, parent=after, parent_text=words), unwatched)
    assert again.spec == after
    assert again.origin.summary.startswith("Unchanged, no language model was asked: ")


def test_a_refinement_afresh_is_the_same_change_asked_again(
    server: str, messages_api: MessagesApi
) -> None:
    messages_api.script(NO_STAGE, NO_AGE)
    asked = refinement(BEFORE, TABLE, "fewer columns")
    first = engine(Settings(base_url=server))(asked, unwatched)
    again = engine(Settings(base_url=server, fresh=True))(asked, unwatched)
    assert (columns(first)[-1], columns(again)[-1]) == ("creatinine", "stage")
    assert engine(Settings())(asked, unwatched).spec == again.spec


@pytest.mark.parametrize("name", ["auto", "offline"])
def test_fresh_and_offline_nothing_was_before(name: str) -> None:
    words = "Adults with gout, mean age 62 (SD 9), 56% male."
    alone = engine(Settings(engine="offline"))(question(words), unwatched)
    parent = with_edit(compiled(alone.spec).spec, edit("age", "p50", 71))
    asked = question(words, parent=parent, parent_text=words)
    kept = engine(Settings(engine=name))(asked, unwatched)
    assert [told(fact) for fact in kept.spec.facts if is_edit(fact)] == ["age: median 71"]
    assert engine(Settings(engine=name, fresh=True))(asked, unwatched).spec == alone.spec


def test_fresh_and_offline_a_refinement_still_changes_what_was_before() -> None:
    made = refined(MINE, "mean age 71", engine="offline", fresh=True)
    assert columns(made) == columns(Answer(BEFORE, made.origin))
    assert "mean age 71" in {fact.quote for fact in made.spec.facts}
