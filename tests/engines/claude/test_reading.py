"""What may stand in an answer, and what hostile or silly answers come to."""

from __future__ import annotations

from typing import Any

import pytest

from synth_magic.engines.claude.reading import read, read_leniently
from synth_magic.errors import SpecificationError
from tests.engines.claude.builders import answer, changed, question, shares, variable

HOSTILE = "__import__('os').system('touch /tmp/owned')"


def violations(document: dict[str, Any], text: str | None = None) -> list[str]:
    asked = question() if text is None else question(text)
    with pytest.raises(SpecificationError) as caught:
        read(asked, [document])
    return [str(violation) for violation in caught.value.violations]


def test_a_hostile_formula_is_refused_not_run() -> None:
    formula = {"kind": "formula", "expression": HOSTILE, "codes": []}
    (violation,) = violations(changed("age", marginal=formula))
    assert "variables[1].marginal.expression ('age')" in violation
    assert "calls no known function; the functions are min, max" in violation


@pytest.mark.parametrize(
    "part",
    [
        {"rules": [{"expression": HOSTILE, "reason": ""}]},
        {
            "missing_groups": [
                {"name": "visit", "variables": ["age"], "fraction": 0.1, "only_when": HOSTILE}
            ]
        },
    ],
)
def test_a_hostile_rule_or_condition_is_left_out(part: dict[str, Any]) -> None:
    found = read_leniently(question(), [answer(**part)])
    assert found.spec.rules == ()
    assert found.spec.missing_groups == ()
    assert len(found.remarks) == 1


def test_html_stays_text() -> None:
    label = "<img src=x onerror=alert(1)>"
    prose = "Adults with gout."
    spec = read(question(prose), [changed("sex", label=label)]).spec
    assert spec.variable("sex").label == label


def test_ten_thousand_variables_are_too_many() -> None:
    many = [variable(f"v{number}", "binary", shares(no=0.5, yes=0.5)) for number in range(10_000)]
    (violation,) = violations(answer(variables=many), "Adults with gout.")
    assert violation == "variables: there are 10,000; there may be 200 at most"


def test_codes_are_the_user_s() -> None:
    (violation,) = violations(changed("sex", marginal=shares(female=0.4, man=0.6)))
    assert violation == (
        "variables[0] ('sex').marginal: 'man' is none of the user's codes; "
        "the codes are 'female', 'male'"
    )


def test_a_number_stays_a_number() -> None:
    (violation,) = violations(changed("age", type="ordinal", marginal=shares(old=0.4, young=0.6)))
    assert violation == "variables[1] ('age').type: it is ordinal; the user says integer"


def test_what_shows_only_when_patients_are_drawn_is_told_as_well() -> None:
    formula = {"kind": "formula", "expression": "log(0 - age)", "codes": []}
    (violation,) = violations(changed("creatinine", marginal=formula, missing=0.0))
    assert violation.startswith(
        "the specification: creatinine: the formula 'log(0 - age)' has a result in no patient"
    )


def test_wrong_figures_are_told_all_at_once() -> None:
    document = changed("sex", missing=1.5)
    document["rules"] = [{"expression": "age >", "reason": ""}]
    document["associations"][0]["spearman"] = 3
    assert len(violations(document)) == 3


def test_an_association_that_means_nothing_is_left_out_and_the_rest_stays() -> None:
    document = answer()
    document["associations"][0]["b"] = "stagee"
    found = read_leniently(question(), [document])
    (pair,) = found.spec.associations
    assert (pair.a, pair.b) == ("age", "stage")
    assert found.remarks == (
        (
            "The model's association of 'creatinine' and 'stagee' was left out: 'stagee' is no "
            "variable."
        ),
    )


def test_a_quote_that_does_not_stand_in_the_text_is_dropped_and_told() -> None:
    fact = {
        "quote": "mean age 61", "variable": "age", "statistic": "mean", "value": 61, "code": "",
        "other_variable": "", "within": None,
    }  # fmt: skip
    found = read(question(), [answer(facts=[fact])])
    assert {fact.statistic for fact in found.spec.facts} == {"min", "share"}
    assert found.remarks == (
        (
            "The model quoted 'mean age 61', which does not stand in the description; the figure "
            "was left out."
        ),
    )
