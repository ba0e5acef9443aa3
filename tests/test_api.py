"""generate and sample: the stations joined."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import synth_magic as sm
from synth_magic.engines.answer import Progress
from synth_magic.errors import (
    DescriptionError,
    RowsError,
    SamplingError,
    SettingError,
    SpecificationError,
)
from synth_magic.frame import DEFAULT_ROWS
from synth_magic.spec import Fact, MeanSD, Rule, Share, Shares, Variable
from synth_magic.spec.edits import edit
from tests.engines.claude.builders import TABLE, answer
from tests.messages_api import MessagesApi, Says
from tests.sampling.builders import AGE, SEX, cohort, number

pytestmark = pytest.mark.usefixtures("no_credentials")

PROSE = "Adults with heart failure, 56% male, mean age 67 (SD 9)."


def test_a_description_becomes_patients() -> None:
    patients = sm.generate(PROSE, rows=4000, seed=3)
    assert type(patients) is sm.PatientFrame
    assert patients.shape[0] == 4000
    assert patients.age.mean() == pytest.approx(67, abs=5 * 9 / 4000**0.5)
    assert patients.cohort.facts()["reached"].all()


def test_what_made_the_patients_is_said() -> None:
    origin = sm.generate(PROSE, rows=5).cohort.origin
    assert origin.engine == "offline"
    assert origin.description == PROSE
    assert origin.summary


def test_the_same_call_makes_the_same_patients() -> None:
    first, again = (sm.generate(PROSE, rows=50, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert first.attrs == again.attrs


def test_a_model_is_asked_and_watched_and_its_answer_recorded(
    messages_api: MessagesApi, tmp_path: Path
) -> None:
    messages_api.script(Says(json.dumps(answer())))
    seen: list[Progress] = []
    asked = {"base_url": messages_api.url, "recordings": tmp_path, "watch": seen.append}
    patients = sm.generate(TABLE, rows=20, **asked)
    assert list(patients) == ["sex", "age", "creatinine", "stage"]
    assert {progress.stage for progress in seen} == {"waiting", "writing"}
    assert seen[-1].variables == 4
    assert [path.name for path in tmp_path.iterdir()] == [patients.cohort.origin.recording]
    replayed = sm.generate(TABLE, rows=20, **asked)
    pd.testing.assert_frame_equal(replayed, patients)
    assert len(messages_api.requests) == 1


def test_an_answer_outlives_a_failure_after_it(messages_api: MessagesApi, tmp_path: Path) -> None:
    wide = answer()
    wide["variables"] *= 20
    wide["variables"] = [v | {"name": f"{v['name']}{i}"} for i, v in enumerate(wide["variables"])]
    messages_api.script(Says(json.dumps(wide | {"associations": []})))
    asked = {"base_url": messages_api.url, "recordings": tmp_path}
    with pytest.raises(RowsError, match="large=True"):
        sm.generate("Adults with heart failure.", rows=2_000_000, **asked)
    assert sm.generate("Adults with heart failure.", rows=20, **asked).shape == (20, 80)
    assert len(messages_api.requests) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"rows": 0}, {"rows": 10**9}, {"seed": -1}, {"effort": "some"}, {"example": 5}, {"text": ""}],
    ids=str,
)
def test_what_fails_for_free_fails_before_anything_is_asked(
    messages_api: MessagesApi, wrong: dict[str, object]
) -> None:
    with pytest.raises(sm.SynthMagicError):
        sm.generate(**{"text": PROSE, "base_url": messages_api.url} | wrong)
    assert messages_api.requests == []


def test_a_plan_is_what_would_be_asked(messages_api: MessagesApi, tmp_path: Path) -> None:
    plan = sm.plan(
        TABLE, example={"age": 61}, base_url=messages_api.url, recordings=tmp_path, model="mine"
    )
    assert isinstance(plan, sm.Plan)
    assert plan.settings.model == "mine"
    assert '{"age": 61}' in str(plan)
    assert messages_api.requests == []
    with pytest.raises(SettingError, match=r"no setting 'modell' \(did you mean 'model'\?\)"):
        sm.plan(TABLE, modell="mine")


def test_rows_are_those_asked_for_else_those_described_else_a_hundred() -> None:
    described = f"250 patients. {PROSE}"
    assert len(sm.generate(described)) == 250
    assert len(sm.generate(described, rows=7)) == 7
    assert len(sm.generate(PROSE)) == DEFAULT_ROWS == 100


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_an_empty_description_is_refused(text: str) -> None:
    with pytest.raises(DescriptionError):
        sm.generate(text)


def test_an_unknown_engine_is_refused_with_the_near_name() -> None:
    with pytest.raises(SettingError, match="did you mean 'offline'"):
        sm.generate(PROSE, engine="ofline")


@pytest.mark.parametrize("rows", [0, -5, True, 1.5])
def test_rows_that_are_none_are_refused(rows: int) -> None:
    with pytest.raises(RowsError, match="at least 1"):
        sm.generate(PROSE, rows=rows)
    with pytest.raises(RowsError, match="at least 1"):
        sm.sample(cohort(AGE), rows=rows)


def test_too_many_rows_are_asked_about() -> None:
    with pytest.raises(RowsError, match="large=True"):
        sm.sample(cohort(AGE, SEX), rows=1_000_000_000)


@pytest.mark.parametrize("seed", [-1, 2**63, True, 0.5, None])
def test_a_seed_that_is_none_is_refused(seed: int) -> None:
    with pytest.raises(SettingError, match="seed must be a whole number"):
        sm.sample(cohort(AGE), rows=5, seed=seed)


def test_an_invalid_specification_lists_all_its_violations() -> None:
    spec = cohort(AGE, Variable("x", "continuous", MeanSD(5, -1)), rules=(Rule("agee > 3"),))
    with pytest.raises(SpecificationError) as error:
        sm.sample(spec)
    assert len(error.value.violations) == 2
    assert "did you mean 'age'" in str(error.value)


def test_a_rule_that_nobody_satisfies_is_named() -> None:
    with pytest.raises(SamplingError, match="age > 200"):
        sm.sample(cohort(AGE, rules=(Rule("age > 200"),)), rows=5)


def test_facts_win() -> None:
    fact = Fact("mean age 50", "age", "mean", 50.0)
    patients = sm.sample(cohort(AGE, facts=(fact,)), rows=5000)
    assert patients.age.mean() == pytest.approx(50, abs=1)
    (row,) = patients.cohort.facts().itertuples()
    assert (row.stated, row.quote, row.reached) == (50.0, "mean age 50", True)


def test_a_marginal_that_a_fact_overrides_is_said() -> None:
    spec = sm.generate("12% smokers, age 61 (SD 12).", rows=5).cohort.spec
    smoking = spec.variable("smoking")
    edited = replace(smoking, marginal=Shares((Share("no", 0.7), Share("yes", 0.3))))
    variables = tuple(edited if v.name == "smoking" else v for v in spec.variables)
    patients = sm.sample(replace(spec, variables=variables), rows=2000)
    assert (patients.smoking == "yes").mean() == pytest.approx(0.12, abs=0.03)
    (remark,) = patients.cohort.origin.remarks
    assert remark.startswith("smoking: its facts took the place of what its marginal says: ")
    assert "share of yes 12% (read from “12% smokers”)" in remark
    assert sm.sample(spec, rows=5).cohort.origin.remarks == ()


# changes

TWEAK = PROSE.replace("56%", "70%")


def test_a_parent_may_be_a_cohort_or_a_specification() -> None:
    before = sm.generate(f"{PROSE} BMI.", rows=500)
    for parent in (before.cohort, before.cohort.spec):
        after = sm.generate(f"{TWEAK} Heart rate and BMI.", rows=500, parent=parent)
        assert after.cohort.spec.draw_order == ("age", "sex", "bmi", "heart_rate")
        pd.testing.assert_series_equal(after["age"], before["age"])
    with pytest.raises(SettingError, match="parent must be a Cohort or a CohortSpec, not Patient"):
        sm.generate(PROSE, parent=before)  # type: ignore[arg-type]


def test_the_smallest_change_is_asked_of_the_model(
    messages_api: MessagesApi, tmp_path: Path
) -> None:
    asked = {"base_url": messages_api.url, "recordings": tmp_path}
    messages_api.script(Says(json.dumps(answer())))
    before = sm.generate(TABLE, rows=300, **asked)
    tweak = TABLE.replace("60% are men", "70% are men")
    messages_api.script(Says(json.dumps({"variables": [], "title": "More men"})))
    after = sm.generate(tweak, rows=300, parent=before.cohort, **asked)
    assert TABLE.strip() in messages_api.requests[1].body["messages"][0]["content"]
    assert after.cohort.spec.title == "More men"
    pd.testing.assert_frame_equal(after.drop(columns="sex"), before.drop(columns="sex"))
    assert "changed the specification on" in after.cohort.origin.summary
    pd.testing.assert_frame_equal(sm.generate(tweak, rows=300, **asked), after)
    assert len(messages_api.requests) == 2


def test_patients_are_refined_by_the_figures_of_a_few_words() -> None:
    before = sm.generate(PROSE, rows=700, seed=5)
    after = sm.refine(before, "70% male")
    pd.testing.assert_frame_equal(sm.refine(before.cohort, "70% male"), after)
    assert type(after) is sm.PatientFrame
    assert (len(after), after.cohort.seed) == (700, 5)
    assert (after.sex == "male").mean() == pytest.approx(0.7, abs=0.06)
    pd.testing.assert_series_equal(after["age"], before["age"])
    assert after.cohort.origin.description == f"{PROSE}\n\nRefined: 70% male"
    again = sm.refine(after, "mean age 75", rows=20, seed=1)
    assert (len(again), again.cohort.seed) == (20, 1)
    assert again.cohort.origin.description.endswith("Refined: 70% male\n\nRefined: mean age 75")


def test_patients_are_refined_by_a_model(messages_api: MessagesApi, tmp_path: Path) -> None:
    asked = {"base_url": messages_api.url, "recordings": tmp_path}
    messages_api.script(Says(json.dumps({"variables": [], "removed": ["sex"]})))
    before = sm.generate("Adults, 56% male, mean age 67 (SD 9).", engine="offline")
    seen: list[Progress] = []
    after = sm.refine(before, "without sex", watch=seen.append, **asked)
    assert list(after) == ["age"]
    assert {progress.stage for progress in seen} == {"changing: waiting", "changing: writing"}
    pd.testing.assert_frame_equal(sm.refine(before, "without sex", **asked), after)
    assert len(messages_api.requests) == 1


def test_what_made_the_patients_stays_known_when_they_are_changed_offline(
    messages_api: MessagesApi, tmp_path: Path
) -> None:
    messages_api.script(Says(json.dumps(answer())))
    asked = {"base_url": messages_api.url, "recordings": tmp_path}
    made = sm.generate(TABLE, rows=50, **asked).cohort.origin
    offline = {"engine": "offline", "rows": 50}
    once = sm.refine(sm.generate(TABLE, rows=50, **asked), "mean age 71", **offline).cohort
    replayed = f"{once.origin.summary.partition(' Changed offline')[0]}"
    assert made.engine == "claude"
    assert once.origin.engine == "recorded"
    assert (once.origin.model, once.origin.recording) == (made.model, made.recording)
    assert once.origin.usage == made.usage
    assert once.origin.summary == f"{replayed} Changed offline since: age: mean."
    assert once.origin.description.endswith("Refined: mean age 71")
    assert once.origin.remarks[0].startswith("Changed offline, no language model was asked: ")
    edited = once.edited(edit("creatinine", "p50", 110))
    twice = sm.generate(TABLE.replace("60% are", "70% are"), parent=edited, **offline).cohort
    assert twice.origin.changed_offline == ("age: mean", "sex: share of male")
    assert twice.origin.summary == (
        f"{replayed} Changed offline since: age: mean, sex: share of male. Edited by hand since: "
        "creatinine: median."
    )
    assert sm.Cohort.of(twice.frame()).origin == twice.origin
    again = twice.edited(edit("creatinine", "p50", 115))
    assert again.origin.summary == twice.origin.summary


def test_of_many_changes_offline_the_first_are_named() -> None:
    spec = cohort(*(number(name, 50, 9) for name in "bcdefgh"))
    patients = sm.sample(spec, rows=5)
    for name in "bcdefgh":
        patients = sm.refine(patients, f"mean {name} 51", engine="offline")
    assert patients.cohort.origin.engine == "specification"
    assert patients.cohort.origin.summary.endswith(
        " Changed offline since: b: mean, c: mean, d: mean, e: mean, f: mean, and 2 more."
    )
    assert len(patients.cohort.origin.changed_offline) == 7


def test_what_is_made_anew_offline_was_made_offline(
    messages_api: MessagesApi, tmp_path: Path
) -> None:
    messages_api.script(Says(json.dumps(answer())))
    asked = {"base_url": messages_api.url, "recordings": tmp_path}
    before = sm.generate(TABLE, rows=5, **asked).cohort
    other = sm.generate("Adults with gout, age 60 (SD 9).", parent=before, engine="offline")
    fresh = sm.generate(TABLE, parent=before, engine="offline", fresh=True)
    assert fresh.cohort.origin.engine == "offline"
    assert fresh.cohort.origin.changed_offline == ()
    assert other.cohort.origin.changed_offline


@pytest.mark.parametrize(
    ("patients", "change", "settings", "complaint"),
    [
        (None, "", {}, "there are no words that say what to change; for example"),
        (None, None, {}, "a description is text, not NoneType"),
        (None, "older", {}, "'older' states no figure of these patients' variables"),
        (None, "70% male", {"rows": 0}, "rows must be a whole number"),
        (None, "70% male", {"seed": -1}, "seed must be a whole number"),
        (None, "70% male", {"rows": 10**9}, "allow it with large=True"),
        (None, "70% male", {"modell": "m"}, "did you mean 'model'"),
        (3, "70% male", {}, "patients must be a PatientFrame or its cohort, not int"),
    ],
)
def test_what_cannot_be_refined_is_said(
    patients: Any, change: Any, settings: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(sm.SynthMagicError, match=re.escape(complaint)):
        sm.refine(patients or sm.generate(PROSE), change, **settings)


def test_the_plan_of_a_change_and_of_a_refinement() -> None:
    before = sm.generate(PROSE, rows=5)
    tweak = str(sm.plan(TWEAK, parent=before.cohort, engine="claude"))
    assert f"<earlier_description>\n{PROSE}\n</earlier_description>" in tweak
    assert f"<description>\n{TWEAK}\n</description>" in tweak
    refined = str(sm.plan("make them older", refine=before, engine="claude"))
    assert "<change>\nmake them older\n</change>" in refined
    with pytest.raises(SettingError, match="takes no parent and no example"):
        sm.plan("older", refine=before, parent=before.cohort)


def test_a_refinement_still_says_what_was_not_understood_before() -> None:
    patients = sm.generate("60 adults, age 60 (SD 8), and kind to everyone.", engine="offline")
    before = patients.cohort.origin.not_understood
    assert before
    after = sm.refine(patients, "mean age 65", engine="offline").cohort.origin.not_understood
    assert set(before) <= set(after)
