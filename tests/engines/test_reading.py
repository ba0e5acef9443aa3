"""What prose says of a table's columns is in the table's names, codes and units."""

from __future__ import annotations

import pytest

from synth_magic.description.model import Description
from synth_magic.engines.reading import read
from synth_magic.errors import ContradictionError


def with_table(prose: str, *rows: str) -> str:
    heading = "| name | description | type | unit | codes |\n|---|---|---|---|---|"
    return f"{prose}\n\n{heading}\n" + "\n".join(f"| {row} |" for row in rows) + "\n"


def facts(description: Description) -> list[str]:
    return [
        f"{fact.variable}{fact.code and ':' + fact.code}.{fact.statistic}={fact.value:g}"
        for fact in description.facts
    ]


@pytest.mark.parametrize(
    ("prose", "row", "expected"),
    [
        ("HbA1c 53 mmol/mol (SD 12).", "a1c | HbA1c | | % |", "a1c.mean=7 a1c.sd=1.1"),
        ("Mean weight 180 lb.", "weight | Weight | | kg |", "weight.mean=81.65"),
        ("Systolic pressure 17 kPa.", "sbp | Systolic pressure | | mmHg |", "sbp.mean=127.5"),
        ("Median follow-up 2.5 years.", "fu | Follow-up | | days |", "fu.p50=913.1"),
        ("Median follow-up 2.5 years.", "followup_days | Follow-up | integer | |",
         "followup_days.p50=913.1"),
        ("Aged 6 to 24 months.", "age | Age | | years |", "age.min=0.5 age.max=2"),
        ("Aged 60 or older.", "alter | Age | | months |", "alter.min=720"),
        ("Mean age 62 years.", "age_months | Age | | months |", "age_months.mean=744"),
        ("Creatinine 90 umol/L.", "crea | Creatinine | | mg/dL |", "crea.mean=1.018"),
    ],
)  # fmt: skip
def test_another_unit_is_converted_and_said(prose: str, row: str, expected: str) -> None:
    description, remarks = read(with_table(prose, row))
    assert facts(description) == expected.split()
    assert sum(remark.count(" is ") for remark in remarks) == len(description.facts)
    lowest = [fact.value for fact in description.facts if fact.statistic == "min"]
    assert [description.variables[0].low] == (lowest or [None])


def test_each_figure_is_converted_from_its_own_unit() -> None:
    prose = "Creatinine below 150 umol/L. Mean creatinine 1.1 mg/dL (SD 0.3)."
    for text in (prose, ". ".join(reversed(prose.rstrip(".").split(". "))) + "."):
        description, _ = read(with_table(text, "creatinine | Serum creatinine | float | mg/dL |"))
        assert sorted(facts(description)) == [
            "creatinine.max=1.697", "creatinine.mean=1.1", "creatinine.sd=0.3"
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("prose", "row", "expected"),
    [
        ("Mean weight 180 lb (82 kg).", "weight | Weight | | kg |", "weight.mean=81.65"),
        ("Mean height 1.75 m, range 150 to 200 cm.", "height | Height | | cm |", ""),
        ("Mean height 1.72 m.", "height | Height | | mm |", ""),
        ("Children under 5 years. Mean age 26 months.", "age | Age | | months |",
         "age.max=60 age.mean=26"),
        ("HbA1c above 48 mmol/mol. Mean HbA1c 7.9%.", "hba1c | HbA1c | float | % |",
         "hba1c.min=6.54 hba1c.mean=7.9"),
        ("Ventilation time 14 hrs.", "vent | Ventilation time | float | hr |", "vent.mean=14"),
        ("CEA 5 ng/mL.", "cea | CEA | float | ug/L |", "cea.mean=5"),
        ("Total cholesterol 6.4 mmol/L.", "chol | serum cholestoral in mg/dl | integer | |",
         "chol.mean=247.5"),
    ],
)  # fmt: skip
def test_figures_in_several_units_do_not_mix(prose: str, row: str, expected: str) -> None:
    description, _ = read(with_table(prose, row))
    assert facts(description) == expected.split()


def test_a_figure_of_a_table_may_be_said_again_in_another_unit() -> None:
    table = "age: Age|integer||mean 64, SD 11\nwt: Body weight|float|kg|mean 80, SD 15\n"
    description, _ = read(f"{table}\nMean weight 176 lb.")
    assert "wt.mean=79.83" in facts(description)
    with pytest.raises(ContradictionError, match="differ"):
        read(f"{table}\nMean weight 190 lb.")


@pytest.mark.parametrize(
    ("prose", "rows"),
    [
        ("12% died within 30 days.", ["death1y | Death within one year | | | 0=no, 1=yes",
                                      "death30 | Death within 30 days | | | 0=no, 1=yes"]),
        ("20% with type 2 diabetes.", ["dm | Any diabetes | | | 0=no, 1=yes"]),
        ("8% stroke.", ["istroke | Ischaemic stroke | | | 0=no, 1=yes"]),
        ("30% on ACE inhibitors.", ["raas | ACE inhibitor or ARB | | | 0=no, 1=yes"]),
        ("Toddlers aged 1 to 3.", ["maternal_age | Age of the mother | | years |"]),
        ("Newborns, mean age 9 days.", ["maternal_age | Age of the mother | | years |"]),
        ("Glucose 100 mg/dL.", ["fpg | Fasting plasma glucose | float | mmol/L |"]),
    ],
)  # fmt: skip
def test_a_part_or_another_moment_is_another_variable(prose: str, rows: list[str]) -> None:
    description, _ = read(with_table(prose, *rows))
    assert {fact.variable for fact in description.facts}.isdisjoint(description.listed)


def test_a_figure_that_cannot_be_converted_is_not_understood() -> None:
    text = with_table("Widgets above 20 kPa.", "widgets | Widgets | | mmHg |")
    description, remarks = read(text)
    assert (description.facts, description.variables[0].low) == ((), None)
    assert [quote.text for quote in description.not_understood] == ["Widgets above 20 kPa"]
    assert remarks == ("widgets is in mmHg, and lowest 20 kPa cannot be converted.",)


@pytest.mark.parametrize(
    ("prose", "row", "expected"),
    [
        ("Systolic blood pressure 130 mmHg.", "trestbps | resting blood pressure | | mmHg |",
         "trestbps.mean=130"),
        ("Systolic blood pressure 17 kPa.", "trestbps | resting blood pressure | | mmHg |",
         "trestbps.mean=127.5"),
        ("Body mass index 30 (SD 4).", "quetelet | Quetelet index | | kg/m2 |",
         "quetelet.mean=30 quetelet.sd=4"),
        ("Women aged 18 to 45.", "maternal_age | Age of the mother | | years |",
         "maternal_age.min=18 maternal_age.max=45"),
        ("30% diabetic.", "dm | Diabetes mellitus | binary | |", "dm:yes.share=0.3"),
        ("30% with diabetes.", "dm | DM | binary | | 0=no, 1=yes",
         "dm:1.share=0.3"),
    ],
)  # fmt: skip
def test_what_prose_calls_otherwise_is_the_table_s(prose: str, row: str, expected: str) -> None:
    description, _ = read(with_table(prose, row))
    assert facts(description) == expected.split()
    assert [variable.name for variable in description.variables] == list(description.listed)


def test_a_limit_of_a_variable_is_another_variable() -> None:
    text = with_table(
        "Mean total cholesterol 200 mg/dL.", "high_chol | Total cholesterol above 240 | binary | |"
    )
    description, _ = read(text)
    assert facts(description) == ["total_cholesterol.mean=200"]


def test_one_figure_under_two_names_is_a_contradiction() -> None:
    prose = "Mean systolic blood pressure 130 mmHg. Resting blood pressure 150 mmHg."
    row = "trestbps | resting blood pressure | | mmHg |"
    with pytest.raises(ContradictionError, match=r"130.*\n?.*150|150.*\n?.*130"):
        read(with_table(prose, row))


def test_without_a_table_prose_has_its_own_names_and_units() -> None:
    description, remarks = read("Adults. Mean weight 180 lb. HbA1c 53 mmol/mol.")
    assert facts(description) == ["age.min=18", "weight.mean=180", "hba1c.mean=53"]
    assert remarks == ()
