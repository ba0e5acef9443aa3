"""Asking, correcting at most twice, joining the parts, and reading recorded answers again."""

from __future__ import annotations

import json

import pytest

from synth_magic.engines.claude.elicit import elicit, replay
from synth_magic.engines.claude.parts import MOST, parts
from synth_magic.errors import AnswerError
from tests.engines.claude.builders import (
    Model,
    answer,
    changed,
    quantiles,
    question,
    shares,
    variable,
    wide,
)

WIDE = wide(100)


def test_a_good_answer_is_the_specification() -> None:
    model = Model(answer())
    found = elicit(question(), model)
    assert [v.name for v in found.spec.variables] == ["sex", "age", "creatinine", "stage"]
    assert found.spec.variable("age").certainty == "moderate"
    assert found.spec.variable("age").provenance == "model"
    assert found.remarks == ()
    assert [exchange.accepted for exchange in found.exchanges] == [True]


def test_the_user_s_facts_come_first_and_are_not_the_model_s() -> None:
    found = elicit(question(), Model(answer()))
    facts = {(fact.variable, fact.statistic): fact.value for fact in found.spec.facts}
    assert facts == {("age", "min"): 18, ("sex", "share"): 0.6}


def test_the_user_s_units_and_order_stand() -> None:
    shuffled = answer(variables=answer()["variables"][::-1])
    spec = elicit(question(), Model(shuffled)).spec
    assert [v.name for v in spec.variables] == ["sex", "age", "creatinine", "stage"]
    assert spec.variable("creatinine").unit == "umol/L"


def test_what_is_wrong_goes_back_and_only_the_correction_is_taken() -> None:
    wrong = changed("age", marginal=quantiles(18, 21, 31, 80, 63, 74, 85, 91, 99))
    correction = answer(variables=[answer()["variables"][1]], associations=[])
    model = Model(wrong, correction)
    found = elicit(question(), model)
    first, second = model.requests
    assert [message.role for message in second.messages] == ["user", "assistant", "user"]
    told = second.messages[-1].text
    assert "- variables[1].marginal.p50 ('age'): " in told
    assert second.stage == "correcting"
    assert second.messages[0] == first.messages[0]
    assert found.spec.variable("age").marginal.p25 == 50  # type: ignore[union-attr]
    assert len(found.spec.associations) == 2
    assert [exchange.accepted for exchange in found.exchanges] == [False, True]


def test_after_two_corrections_it_ends_with_the_last_answer() -> None:
    wrong = changed("age", marginal=quantiles(18, 21, 31, 80, 63, 74, 85, 91, 99))
    model = Model(wrong, wrong, wrong)
    with pytest.raises(AnswerError) as caught:
        elicit(question(), model)
    assert str(caught.value) == (
        "the answer of claude-test cannot be used, nor its 2 corrections:\n"
        "  variables[1].marginal.p50 ('age'): p50 is 63, below p25, which is 80; each is at least "
        "the one before\n"
        "Ask again, or change the setting model."
    )
    assert json.loads(caught.value.answer) == wrong
    assert len(model.requests) == 3


def test_text_that_is_no_json_is_asked_for_again() -> None:
    model = Model("Here are the patients!", answer())
    found = elicit(question(), model)
    assert "the answer: it is no JSON (line 1, column 1: " in model.requests[1].messages[-1].text
    assert len(found.spec.variables) == 4


def test_a_rule_that_stays_wrong_is_left_out_and_said() -> None:
    wrong = answer(rules=[{"expression": "age > heigth", "reason": ""}])
    stubborn = answer(variables=[], rules=wrong["rules"])
    found = elicit(question(), Model(wrong, stubborn))
    assert found.spec.rules == ()
    assert found.remarks == (
        "The model's rule 'age > heigth' was left out: 'heigth' is no variable.",
    )


def test_a_rule_that_is_withdrawn_is_left_out_as_well() -> None:
    wrong = answer(rules=[{"expression": "age > heigth", "reason": ""}])
    found = elicit(question(), Model(wrong, answer(variables=[], rules=[])))
    assert found.spec.rules == ()


def test_a_title_is_corrected_too() -> None:
    found = elicit(question(), Model(answer(title=3), answer(variables=[], title="Leeds")))
    assert found.spec.title == "Leeds"


def test_too_many_variables_are_not_corrected() -> None:
    flag = variable("x", "binary", shares(no=0.5, yes=0.5))
    many = answer(variables=[flag | {"name": f"v{number}"} for number in range(10_000)])
    model = Model(many)
    with pytest.raises(AnswerError, match="there are 10,000; there may be 200 at most"):
        elicit(question(), model)
    assert len(model.requests) == 1


def test_however_much_is_wrong_five_things_are_told() -> None:
    far = shares(no=0.2, yes=0.2)
    wrong = answer(variables=[variable(f"v{n}", "binary", far) for n in range(90)])
    text = "Adults with gout."
    with pytest.raises(AnswerError, match="  and 85 more") as caught:
        elicit(question(text), Model(wrong, wrong, wrong))
    assert len(str(caught.value).splitlines()) == 8


def test_a_rule_that_most_patients_break_is_left_out_in_the_end() -> None:
    wrong = answer(rules=[{"expression": "age > 90", "reason": "they are old"}])
    found = elicit(question(), Model(wrong, wrong))
    assert found.spec.rules == ()
    assert "broken by" in found.remarks[0]


def test_a_column_that_is_missing_is_asked_for() -> None:
    lacking = answer(variables=answer()["variables"][:3], associations=[])
    model = Model(lacking, answer())
    elicit(question(), model)
    assert "variables: 'stage' is missing" in model.requests[1].messages[-1].text


def test_a_variable_nobody_asked_for_is_hidden_beside_a_table() -> None:
    more = answer()
    more["variables"].append(variable("cause", "categorical", shares(a=0.5, b=0.5)))
    assert elicit(question(), Model(more)).spec.variable("cause").hidden


def test_of_prose_the_model_may_leave_out_what_was_misread_and_it_is_said() -> None:
    text = "Patients of a renal clinic, 60% are men, 20% smokers, with creatinine and age."
    found = elicit(question(text), Model(answer()))
    assert found.remarks == (
        "“20% smokers” was read as a figure of smoking, which the model left out.",
    )
    assert {fact.variable for fact in found.spec.facts} == {"sex"}


def test_a_long_table_is_asked_for_in_parts_that_know_each_other() -> None:
    asked = question(WIDE)
    pieces = parts(asked.description)
    assert [len(part.names) for part in pieces] == [34, 34, 32]
    assert all(len(part.names) <= MOST for part in pieces)
    values = quantiles(1, 2, 3, 4, 5, 6, 7, 8, 9)
    answers = [
        answer(
            variables=[variable(name, "continuous", values) for name in part.names],
            associations=[
                {"a": "lab_0", "b": part.names[-1], "spearman": 0.3, "basis": ""},
            ],
            missing_groups=[
                {"name": "blood", "variables": [part.names[1]], "fraction": 0.1, "only_when": ""}
            ],
        )
        for part in pieces
    ]
    model = Model(*answers)
    spec = elicit(asked, model).spec
    assert [v.name for v in spec.variables] == [f"lab_{number}" for number in range(100)]
    assert [pair.b for pair in spec.associations] == ["lab_33", "lab_67", "lab_99"]
    assert [group.variables for group in spec.missing_groups] == [("lab_1", "lab_35", "lab_69")]
    second = model.requests[1]
    assert second.stage == "part 2 of 3"
    assert "- lab_0 (continuous): p05 3, median 5, p95 7" in second.messages[0].text
    assert "lab_40: Laboratory value 40" in second.messages[0].text
    assert [len(request.messages) for request in model.requests] == [1, 1, 1]


def test_a_replay_reads_the_same_specification_without_asking() -> None:
    wrong = changed("age", marginal=quantiles(18, 21, 31, 80, 63, 74, 85, 91, 99))
    found = elicit(question(), Model(wrong, answer(variables=[answer()["variables"][1]])))
    again = replay(question(), found.exchanges)
    assert again.spec == found.spec
    assert again.remarks == found.remarks


def test_a_replay_of_an_answer_that_is_none_is_an_error() -> None:
    exchanges = [elicit(question(), Model(answer())).exchanges[0]]
    other = question(WIDE)
    with pytest.raises(AnswerError, match="'lab_0' is missing"):
        replay(other, exchanges)


def test_a_code_that_a_fact_of_the_user_s_needs_is_asked_for() -> None:
    text = "Patients of a clinic, mean age 50 years, 20% smokers."
    other = [
        variable("age", "integer", answer()["variables"][1]["marginal"]),
        variable("smoking", "categorical", shares(never=0.5, former=0.3, current=0.2)),
    ]
    fitting = [variable("smoking", "binary", shares(no=0.8, yes=0.2))]
    first = answer(variables=other, associations=[])
    model = Model(first, answer(variables=fitting, associations=[]))
    spec = elicit(question(text), model).spec
    assert "the user's '20% smokers'" in model.requests[1].messages[-1].text
    assert spec.variable("smoking").codes == ("no", "yes")


def test_a_wrong_fact_of_the_model_s_is_left_out_whatever_the_user_stated() -> None:
    odd = {
        "quote": "renal clinic", "variable": "height", "statistic": "mean", "value": 3, "code": "",
        "other_variable": "", "within": None,
    }  # fmt: skip
    wrong = answer(facts=[odd])
    found = elicit(question(), Model(wrong, wrong))
    assert [fact.variable for fact in found.spec.facts] == ["age", "sex"]
    assert found.remarks == (
        "The model's figure 'renal clinic' was left out: 'height' is no variable.",
    )


def test_a_replay_passes_over_what_was_never_json() -> None:
    found = elicit(question(), Model("I would rather not.", answer()))
    assert replay(question(), found.exchanges).spec == found.spec
