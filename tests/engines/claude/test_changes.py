"""The smallest change: what a model is shown, and what its answer leaves to the digit."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from synth_magic.engines.answer import Question
from synth_magic.engines.claude.elicit import elicit, first_request, replay
from synth_magic.engines.claude.projection import shown
from synth_magic.engines.refinement import refinement
from synth_magic.errors import AnswerError
from synth_magic.sampling import compiled
from synth_magic.spec import CohortSpec, MeanSD
from synth_magic.spec.edits import edit, with_edit
from synth_magic.spec.model import Fact
from tests.engines.claude.builders import (
    TABLE,
    Model,
    answer,
    quantiles,
    question,
    shares,
    variable,
    wide,
)

BLOOD = {"name": "blood", "variables": ["creatinine", "potassium"], "fraction": 0.05}
PROSE = "Patients of a renal clinic, 60% are men, mean age 61, with creatinine and potassium."
OLDER = quantiles(28, 31, 41, 60, 73, 84, 95, 101, 109)


def specification(text: str = PROSE, **others: Any) -> CohortSpec:
    """What was there before: made by a model, and drawn."""
    full = answer(
        variables=[
            variable("sex", "binary", shares(female=0.45, male=0.55)),
            variable("age", "integer", quantiles(18, 21, 31, 50, 63, 74, 85, 91, 99)),
            variable(
                "creatinine",
                "continuous",
                quantiles(40, 52, 63, 88, 121.123456789, 190, 420, 690, 1200),
                missing=0.05,
            ),
            variable(
                "potassium",
                "continuous",
                quantiles(2.5, 3, 3.5, 4, 4.3, 4.7, 5.4, 6, 7),
                decimals=1,
                missing=0.05,
            ),
        ],
        associations=[
            {"a": "age", "b": "creatinine", "spearman": 0.2, "basis": "older"},
            {"a": "creatinine", "b": "potassium", "spearman": 0.4, "basis": ""},
        ],
        missing_groups=[BLOOD],
        rules=[{"expression": "creatinine > potassium", "reason": "units"}],
    )
    return compiled(elicit(question(text), Model(full | others)).spec).spec


def change(**others: Any) -> dict[str, Any]:
    """A change that changes nothing."""
    return {
        "title": "", "population": "", "facts": [], "variables": [], "missing_groups": [],
        "associations": [], "rules": [], "removed": [],
    } | others  # fmt: skip


BEFORE = specification()


def tweaked(text: str, parent: CohortSpec = BEFORE, before: str = PROSE) -> Question:
    return question(text, parent=parent, parent_text=before)


def refined(words: str, parent: CohortSpec = BEFORE) -> Question:
    return refinement(parent, PROSE, words)


def after(asked: Question, *answers: Any) -> CohortSpec:
    return elicit(asked, Model(*answers)).spec


def shown_in(text: str) -> dict[str, Any]:
    """The specification that a request shows."""
    document = text.partition("<earlier_specification>\n")[2].partition("\n</earlier_spec")[0]
    found: dict[str, Any] = json.loads(document)
    return found


# What is shown


def test_the_earlier_words_and_figures_are_shown_and_the_new_words() -> None:
    request = first_request(tweaked(PROSE.replace("60%", "70%")))
    text = request.messages[0].text
    assert text.startswith(f"<earlier_description>\n{PROSE}\n</earlier_description>\n\n<earlier_sp")
    assert f"<description>\n{PROSE.replace('60%', '70%')}\n</description>" in text
    assert '"p50": 121.12, ' in text
    new, old = text.split("Figures that were stated before in the same way")
    assert "- sex: share of male 0.7 (“70% are men”)" in new
    assert "- age: mean 61 (“mean age 61”)" in old
    assert "smallest change" in request.system
    assert request.schema["required"][-1] == "removed"
    assert request.stage == "changing"


def test_of_a_refinement_only_the_words_are_shown_beside_the_earlier_ones() -> None:
    text = first_request(refined("make them ten years older")).messages[0].text
    assert "<change>\nmake them ten years older\n</change>" in text
    assert "<description>" not in text
    assert '{"quote": "mean age 61", "variable": "age", "statistic": "mean", "value": 61, ' in text


def test_what_is_shown_is_what_the_model_would_have_answered() -> None:
    asked = tweaked(PROSE.replace("60%", "70%"))
    text = first_request(asked).messages[0].text
    shown = json.loads(text.partition("<earlier_specification>\n")[2].partition("\n</earl")[0])
    assert (
        after(tweaked(PROSE.replace("60%", "61%")), change(**shown))
        .diff(after(tweaked(PROSE.replace("60%", "61%")), change()))
        .changes
        == ()
    )


def test_mean_and_sd_are_shown_as_quantiles() -> None:
    bmi = replace(BEFORE.variable("potassium"), name="bmi", marginal=MeanSD(30.0, 5.0))
    marginal = shown(CohortSpec("", "", (bmi,)))["variables"][0]["marginal"]
    assert marginal["kind"] == "quantiles"
    assert marginal["p50"] == pytest.approx(30, abs=0.01)


def test_a_long_table_is_changed_in_one_request() -> None:
    text = wide(100)
    values = quantiles(1, 2, 3, 4, 5, 6, 7, 8, 9)
    labs = [variable(f"lab_{number}", "continuous", values) for number in range(100)]
    document = answer(variables=labs, associations=[])
    parts = [document | {"variables": labs[at : at + 34]} for at in (0, 34, 68)]
    before = elicit(question(text), Model(*parts)).spec
    model = Model(change(variables=[labs[7] | {"missing": 0.2}]))
    found = elicit(tweaked(f"Old people. {text}", before, text), model).spec
    assert len(model.requests) == 1
    assert [str(each) for each in before.diff(found).changes] == ["lab_7: missing 0.0 -> 0.2"]


# What stays


def test_what_the_change_does_not_name_stays_to_the_digit() -> None:
    age = variable("age", "integer", OLDER, basis="ten years on")
    found = after(refined("make them ten years older"), change(variables=[age]))
    for name in ("sex", "creatinine", "potassium"):
        assert found.variable(name) == BEFORE.variable(name)
    assert found.associations == BEFORE.associations
    assert (found.missing_groups, found.rules) == (BEFORE.missing_groups, BEFORE.rules)
    assert (found.title, found.population) == (BEFORE.title, BEFORE.population)
    assert found.variable("age").provenance == "model"
    assert found.variable("age").basis == "ten years on"
    assert [fact.variable for fact in found.facts] == ["sex"]


def test_what_comes_back_as_it_was_shown_is_as_it_was() -> None:
    text = first_request(refined("less missing")).messages[0].text
    creatinine = shown_in(text)["variables"][2]
    assert creatinine["marginal"]["p50"] == 121.12
    found = after(refined("less missing"), change(variables=[creatinine | {"missing": 0.06}]))
    assert found.variable("creatinine") == replace(BEFORE.variable("creatinine"), missing=0.06)
    reworded = creatinine | {"basis": "as before"}
    assert after(refined("nothing"), change(variables=[reworded])) == after(
        refined("nothing"), change()
    )


def test_an_empty_change_changes_the_figures_that_the_new_words_state_and_no_more() -> None:
    found = compiled(after(tweaked(PROSE.replace("60%", "70%")), change())).spec
    assert [str(each) for each in BEFORE.diff(found).changes] == [
        "sex: share of female 0.4 -> 0.3",
        "sex: share of male 0.6 -> 0.7",
        "sex: basis '“60% are men”; clinics like this' -> '“70% are men”; clinics like this'",
        "fact '60% are men': share male of sex 0.6 (gone)",
        "fact '70% are men': share male of sex 0.7 (new)",
    ]


def test_columns_that_a_table_lists_stand_in_the_user_s_order() -> None:
    before = elicit(question(), Model(answer())).spec
    lines = TABLE.splitlines()
    text = "\n".join([*lines[:5], "| weight | Weight | continuous | kg | |", *lines[5:]])
    weight = variable("weight", "continuous", quantiles(40, 45, 52, 66, 77, 89, 110, 130, 160))
    found = after(tweaked(text, before, TABLE), change(variables=[weight]))
    assert [v.name for v in found.variables] == ["sex", "weight", "age", "creatinine", "stage"]
    assert found.variable("weight").unit == "kg"
    assert found.draw_order == ("sex", "age", "creatinine", "stage", "weight")


# What goes


def test_a_removed_variable_takes_with_it_what_names_it() -> None:
    found = elicit(refined("without potassium"), Model(change(removed=["potassium"])))
    assert [v.name for v in found.spec.variables] == ["sex", "age", "creatinine"]
    assert [(pair.a, pair.b) for pair in found.spec.associations] == [("age", "creatinine")]
    assert found.spec.missing_groups[0].variables == ("creatinine",)
    assert found.spec.rules == ()
    assert found.remarks == ()


@pytest.mark.parametrize(
    "how",
    [
        {"removed": ["creatinine - age"]},
        {"associations": [{"a": "creatinine", "b": "age", "spearman": 0, "basis": ""}]},
    ],
)
def test_a_pair_is_taken_away(how: dict[str, Any]) -> None:
    found = elicit(refined("age does not matter"), Model(change(**how)))
    assert [pair.a for pair in found.spec.associations] == ["creatinine"]
    assert found.remarks == ()


def test_a_group_and_a_rule_are_taken_away_by_name() -> None:
    names = ["blood", "creatinine  > potassium"]
    found = after(refined("no rules"), change(removed=names))
    assert (found.missing_groups, found.rules) == ((), ())


def test_a_name_that_nothing_has_is_a_remark() -> None:
    found = elicit(refined("no weights"), Model(change(removed=["weight", "age - sex", 3])))
    assert found.remarks == ("The answer takes away what was not there: 'age - sex', 'weight'.",)


def test_a_pair_that_can_be_no_more_goes_with_a_remark() -> None:
    stages = variable("potassium", "categorical", shares(low=0.1, normal=0.8, high=0.1))
    made = change(variables=[stages], removed=["creatinine > potassium"])
    found = elicit(refined("potassium in three classes"), Model(made))
    assert [(pair.a, pair.b) for pair in found.spec.associations] == [("age", "creatinine")]
    [remark] = found.remarks
    assert remark == (
        "The earlier association of 'creatinine' and 'potassium' was left out: the codes of "
        "'potassium' have no order."
    )


# What the user stated


def test_edits_stay_and_what_was_read_from_the_text_is_read_anew() -> None:
    edited = with_edit(BEFORE, edit("age", "p50", 70))
    found = after(tweaked(PROSE.replace("60%", "70%"), edited), change())
    assert [(f.variable, f.statistic, f.value) for f in found.facts] == [
        ("sex", "share", 0.7), ("age", "mean", 61), ("age", "p50", 70)
    ]  # fmt: skip


def test_an_edit_goes_before_the_words_that_it_corrected() -> None:
    edited = with_edit(BEFORE, edit("sex", "share", 0.2, code="male"))
    same = after(tweaked(f"{PROSE} In Leeds.", edited), change())
    assert {f.value for f in same.facts if f.variable == "sex"} == {0.2}


def test_new_words_go_before_an_edit() -> None:
    edited = with_edit(BEFORE, edit("sex", "share", 0.2, code="male"))
    other = after(tweaked(PROSE.replace("60%", "70%"), edited), change())
    assert {f.value for f in other.facts if f.variable == "sex"} == {0.7}


def test_an_edit_goes_with_its_variable() -> None:
    edited = with_edit(BEFORE, edit("potassium", "mean", 4.4))
    found = after(
        tweaked(PROSE.replace(" and potassium", ""), edited), change(removed=["potassium"])
    )
    assert {fact.variable for fact in found.facts} == {"sex", "age"}


def test_what_a_model_found_in_the_words_holds_while_they_stand() -> None:
    quote = {
        "quote": "renal clinic", "variable": "creatinine", "statistic": "p50", "value": 130,
        "code": "", "other_variable": "", "within": None,
    }  # fmt: skip
    before = specification(facts=[quote])
    stands = after(tweaked(f"In 2019. {PROSE}", before), change())
    [found] = [fact for fact in stands.facts if fact.variable == "creatinine"]
    assert found.start == len("In 2019. Patients of a ")
    gone = after(tweaked(PROSE.replace("renal", "kidney"), before), change())
    assert all(fact.variable != "creatinine" for fact in gone.facts)


def test_a_refinement_keeps_the_facts_that_it_does_not_move() -> None:
    found = after(refined("70% are men"), change())
    assert [(f.variable, f.statistic, f.value) for f in found.facts] == [
        ("sex", "share", 0.7), ("age", "mean", 61)
    ]  # fmt: skip
    assert found.facts[0].start == len(PROSE) + len("\n\nRefined: ")


def test_a_figure_that_the_model_finds_counts_only_from_the_new_words() -> None:
    def fact(quote: str) -> dict[str, Any]:
        return {
            "quote": quote, "variable": "creatinine", "statistic": "p50", "value": 130, "code": "",
            "other_variable": "", "within": None,
        }  # fmt: skip

    found = elicit(refined("creatinine a bit higher"), Model(change(facts=[fact("renal clinic")])))
    [remark] = found.remarks
    assert remark.startswith("The model quoted 'renal clinic', which does not stand in the desc")
    found = elicit(refined("creatinine a bit higher"), Model(change(facts=[fact("a bit higher")])))
    [creatinine] = [fact for fact in found.spec.facts if fact.variable == "creatinine"]
    assert creatinine.quote == "a bit higher"


def test_a_direction_holds_while_the_sign_does() -> None:
    rising = Fact("rises", "creatinine", "direction", 1, other_variable="age", start=0)
    before = replace(BEFORE, facts=(*BEFORE.facts, rising))

    def facts(spearman: float) -> tuple[Fact, ...]:
        pair = {"a": "age", "b": "creatinine", "spearman": spearman, "basis": ""}
        return after(refined("with age", before), change(associations=[pair])).facts

    assert rising in facts(0.5)
    assert rising not in facts(-0.5)


# What goes wrong


def test_a_fault_is_told_with_its_place_in_the_answer_and_corrected() -> None:
    wrong = variable("potassium", "continuous", quantiles(2, 3, 4, 5, 4, 5, 6, 7, 8))
    right = variable("potassium", "continuous", quantiles(2, 3, 4, 4, 5, 5, 6, 7, 8))
    model = Model(change(variables=[wrong], removed=["blood"]), {"variables": [right]})
    found = elicit(refined("higher potassium"), model)
    told = model.requests[1].messages[-1].text
    assert "- variables[0].marginal.p50 ('potassium'): " in told
    assert 'facts" and "removed" either your whole list' in told
    assert model.requests[1].stage == "changing, correcting"
    assert found.spec.missing_groups == ()
    assert found.spec.variable("potassium").marginal.p50 == 5  # type: ignore[union-attr]
    assert replay(refined("higher potassium"), found.exchanges).spec == found.spec


def test_what_needs_a_removed_variable_has_to_be_changed() -> None:
    ratio = variable(
        "ratio", "continuous", {"kind": "formula", "expression": "age / creatinine", "codes": []}
    )
    before = after(refined("a ratio"), change(variables=[ratio]))
    lone = change(removed=["creatinine"])
    model = Model(lone, lone | {"removed": ["creatinine", "ratio"]})
    found = elicit(refinement(before, PROSE, "without creatinine"), model)
    assert "- variables.marginal.expression ('ratio'): " in model.requests[1].messages[-1].text
    assert [v.name for v in found.spec.variables] == ["sex", "age", "potassium"]


@pytest.mark.parametrize("part", ["variables", "associations", "missing_groups", "rules", "facts"])
@pytest.mark.parametrize("nonsense", ["age", 3, {"a": 1}, [3], ["age"], [None], [{"name": []}]])
def test_nonsense_is_told_or_left_out_and_never_a_crash(part: str, nonsense: Any) -> None:
    hostile = change(**{part: nonsense})
    with suppress(AnswerError):
        assert after(refined("higher"), hostile, hostile, hostile).variables == BEFORE.variables


@pytest.mark.parametrize("nonsense", [3, "age", None, {"a": 1}, [None, ["age"], ""]])
def test_nonsense_among_what_goes_takes_nothing_else_away(nonsense: Any) -> None:
    found = after(refined("higher"), change(removed=nonsense))
    assert len(found.variables) == (3 if nonsense == "age" else 4)


def test_a_huge_change_is_refused_at_once() -> None:
    flag = variable("x", "binary", shares(no=0.5, yes=0.5))
    huge = change(
        variables=[flag | {"name": f"v{number}"} for number in range(20_000)],
        removed=[f"w{number}" for number in range(20_000)],
    )
    model = Model(huge)
    with pytest.raises(AnswerError, match="there are 20,004; there may be"):
        elicit(refined("more"), model)
    assert len(model.requests) == 1


def test_all_variables_cannot_go() -> None:
    gone = change(removed=[v.name for v in BEFORE.variables])
    with pytest.raises(AnswerError, match="there is no variable to show"):
        after(refined("nothing at all"), gone, gone, gone)
