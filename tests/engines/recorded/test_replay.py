"""A replayed answer says whose it is, and where it is not what would be asked for today."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from synth_magic.engines.answer import Usage
from synth_magic.engines.claude import prompt
from synth_magic.engines.claude.elicit import elicit
from synth_magic.engines.recorded.recording import OTHER_SERVER, Recording
from synth_magic.engines.recorded.replay import replay
from synth_magic.engines.refinement import refinement
from synth_magic.errors import AnswerError, RecordingError, SynthMagicError
from synth_magic.spec import CohortSpec, Quantiles
from synth_magic.spec.edits import edit, with_edit
from tests.engines.claude.builders import (
    TABLE,
    Model,
    answer,
    changed,
    quantiles,
    question,
    variable,
)
from tests.engines.recorded.builders import KEY, exchange, recording

TODAY = recording(prompt_version=prompt.VERSION)


def test_a_replay_is_the_answer_with_what_it_took_then() -> None:
    replayed = replay(question(), KEY, TODAY, "a.json")
    assert [variable.name for variable in replayed.spec.variables][:2] == ["sex", "age"]
    origin = replayed.origin
    assert origin.summary == (
        "Replayed from the recorded answer of claude-opus-5-5 of 2026-11-23 (no model was asked)."
    )
    assert (origin.engine, origin.model, origin.recording) == (
        "recorded", "claude-opus-5-5", "a.json"
    )  # fmt: skip
    assert origin.date == "2026-11-23T10:00:00Z"
    assert origin.usage == Usage(4512, 9876, 1)
    assert origin.cost == ""
    assert origin.remarks == ()


def test_corrections_are_replayed_too() -> None:
    wrong = changed("age", marginal=quantiles(18, 21, 31, 80, 63, 74, 85, 91, 99))
    correction = answer(variables=[answer()["variables"][1]], associations=[])
    live = elicit(question(), Model(wrong, correction))
    made = recording(*live.exchanges)
    again = Recording.from_json(made.to_json().encode())
    assert replay(question(), KEY, again, "a.json").spec == live.spec


@pytest.mark.parametrize(
    "where", [OTHER_SERVER, "written by a Claude model outside the API; tokens are estimated"]
)
def test_an_answer_that_is_not_the_apis_says_so(where: str) -> None:
    summary = replay(question(), KEY, replace(TODAY, origin=where), "a.json").origin.summary
    assert summary.endswith(f"of 2026-11-23 (no model was asked); {where}.")


def test_another_prompt_version_is_shown() -> None:
    old = replace(TODAY, prompt_version=0)
    assert replay(question(), KEY, old, "a.json").origin.remarks == (
        f"The answer was recorded with prompt version 0; today's is {prompt.VERSION}.",
    )


def test_another_models_answer_is_named() -> None:
    other = replace(TODAY, key=replace(KEY, model="local-7b", effort=""))
    [remark] = replay(question(), KEY, other, "a.json").origin.remarks
    assert remark == (
        "No answer of claude-opus-5-5 (effort high) is recorded for this description; this is one "
        "of local-7b."
    )


def test_an_answer_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(AnswerError, match="cannot be used"):
        replay(question(), KEY, recording(exchange("Sorry.")), "a.json")


# changes

TWEAK = TABLE.replace("60% are men", "70% are men")
NO_STAGE = {"variables": [], "removed": ["stage"]}
ELSEWHERE = "The recorded answer changed another earlier specification than yours."
INTO_YOURS = (
    "The recorded answer changed another version than yours; its change was put into yours."
)
OLDER = (28, 31, 41, 60, 73, 84, 95, 97, 99)
EARLIER = "The recorded answer was made as a change of an earlier version."


def before(**others: Any) -> CohortSpec:
    return elicit(question(), Model(answer(**others))).spec


def change(said: dict[str, Any], parent: CohortSpec, **others: Any) -> Recording:
    made = recording(exchange(said), prompt_version=prompt.VERSION)
    return replace(made, parent=parent.to_dict(), parent_text=TABLE, **others)


def test_a_change_of_other_words_is_read_on_top_of_its_own_parent() -> None:
    made = change({"variables": []}, before(title="Its own"))
    asked = question(TWEAK, parent=before(title="Mine"), parent_text="Adults.")
    replayed = replay(asked, KEY, made, "a.json")
    assert replayed.spec.title == "Its own"
    assert replayed.origin.remarks == (ELSEWHERE,)
    assert replayed.origin.description == TWEAK


def test_a_change_of_another_version_is_put_into_the_user_s() -> None:
    mine = with_edit(before(title="Mine"), edit("creatinine", "p50", 150))
    older = {"variables": [variable("age", "integer", quantiles(*OLDER))]}
    made = change(older, before(title="Its own"))
    replayed = replay(question(TWEAK, parent=mine, parent_text=TABLE), KEY, made, "a.json")
    assert replayed.spec.title == "Mine"
    age = replayed.spec.variable("age").marginal
    assert isinstance(age, Quantiles)
    assert age.p50 == 73
    assert {f.value for f in replayed.spec.facts if f.variable == "creatinine"} == {150}
    assert replayed.origin.remarks == (INTO_YOURS,)


def test_a_refinement_of_another_version_is_put_into_the_user_s() -> None:
    made = change(NO_STAGE, before(title="Its own"), refinement="without stages")
    asked = refinement(before(title="Mine"), TABLE, "without stages")
    replayed = replay(asked, KEY, made, "a.json")
    assert replayed.spec.title == "Mine"
    assert replayed.origin.remarks == (INTO_YOURS,)


def test_a_change_that_would_undo_an_edit_is_of_no_use() -> None:
    older = {"variables": [variable("age", "integer", quantiles(*OLDER))]}
    made = change(older, before(), refinement="ten years older")
    mine = with_edit(before(), edit("age", "p50", 66))
    asked = refinement(mine, TABLE, "ten years older")
    with pytest.raises(RecordingError) as refused:
        replay(asked, KEY, made, "a.json")
    assert str(refused.value) == "it changed another version, and would undo age: median 66"


def test_a_change_that_cannot_be_put_into_the_user_s_is_of_no_use() -> None:
    made = change({"variables": [{"name": "stage", "type": "date"}]}, before())
    asked = question(TWEAK, parent=before(title="Mine"), parent_text=TABLE)
    with pytest.raises(AnswerError):
        replay(asked, KEY, made, "a.json")


@pytest.mark.parametrize("text", ["", "Other adults."])
def test_a_refinement_of_other_words_is_of_no_use(text: str) -> None:
    made = change(NO_STAGE, before(title="Its own"), refinement="older")
    asked = refinement(before(title="Mine"), text, "older")
    with pytest.raises(RecordingError, match="described otherwise than yours"):
        replay(asked, KEY, replace(made, parent_text=""), "a.json")


@pytest.mark.parametrize(
    ("others", "remarks"),
    [({"parent_text": TABLE}, ()), ({"parent_text": "Adults."}, (ELSEWHERE,))],
)
def test_a_change_of_what_the_user_has_needs_no_word(
    others: dict[str, Any], remarks: tuple[str, ...]
) -> None:
    asked = question(TWEAK, parent=before(), **others)
    replayed = replay(asked, KEY, change({"variables": []}, before()), "a.json")
    assert replayed.origin.remarks == remarks
    facts = {fact.variable: fact.value for fact in replayed.spec.facts}
    assert facts == {"age": 18, "sex": 0.7}


def test_without_a_parent_a_change_is_replayed_all_the_same() -> None:
    replayed = replay(question(TWEAK), KEY, change({"variables": []}, before()), "a.json")
    assert replayed.origin.remarks == (EARLIER,)
    assert [v.name for v in replayed.spec.variables] == ["sex", "age", "creatinine", "stage"]
    assert replayed.spec.draw_order == ("sex", "age", "creatinine", "stage")


def test_a_refinement_is_read_with_its_own_words() -> None:
    made = change(NO_STAGE, before(), refinement="without stages, mean age 70")
    asked = refinement(before(), TABLE, "without stages, mean age 70")
    replayed = replay(asked, KEY, made, "a.json")
    assert replayed.origin.remarks == ()
    assert [v.name for v in replayed.spec.variables] == ["sex", "age", "creatinine"]
    assert {f.value for f in replayed.spec.facts if f.statistic == "mean"} == {70}


def test_a_whole_answer_is_read_as_one_whatever_the_user_had() -> None:
    asked = question(TWEAK, parent=before(title="Mine"), parent_text=TABLE)
    replayed = replay(asked, KEY, TODAY, "a.json")
    assert replayed.spec.title == "Renal clinic"
    assert replayed.origin.remarks == ()


def test_a_parent_that_is_none_is_an_error() -> None:
    made = replace(change(NO_STAGE, before()), parent={"title": "Before"})
    with pytest.raises(SynthMagicError):
        replay(question(TWEAK), KEY, made, "a.json")
