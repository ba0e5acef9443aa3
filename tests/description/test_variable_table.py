from __future__ import annotations

import pytest

from synth_magic.description import Code, DescribedVariable, Description, parse
from synth_magic.errors import DescriptionError

YES_NO = (Code("0", "no"), Code("1", "yes"))
MARKDOWN = """
| Name | Description  | Type    | Unit   | Categories               | Range     | Statistics |
|------|--------------|---------|--------|--------------------------|-----------|------------|
| age  | Age at entry | int     | years  |                          | 40–85     | 63.2 ± 9.1 |
| sex  |              | factor  |        | female=female; male=male |           | 56% male   |
| nyha | NYHA class   | ordered |        | I, II, III, IV           |           | II 40%     |
| ldl  |              | float   | mmol/L |                          | [0.5, 10] |            |
| dm   | Diabetes     | bool    |        | 0=no, 1=yes              |           | 35%        |
"""
MISSING = "| Name | Type | Missing |\n|---|---|---|\n"


def variable(description: Description, name: str) -> DescribedVariable:
    return next(v for v in description.variables if v.name == name)


def values(description: Description, name: str) -> dict[tuple[str, str], float]:
    return {(f.statistic, f.code): f.value for f in description.facts if f.variable == name}


def test_a_markdown_table_describes_one_variable_a_row() -> None:
    described = parse(MARKDOWN)
    assert described.variables == (
        DescribedVariable("age", "Age at entry", "integer", "years", 0, low=40, high=85),
        DescribedVariable(
            "sex", type="binary", codes=(Code("female", "female"), Code("male", "male"))
        ),
        DescribedVariable(
            "nyha", "NYHA class", "ordinal", codes=tuple(map(Code, ["I", "II", "III", "IV"]))
        ),
        DescribedVariable("ldl", type="continuous", unit="mmol/L", decimals=1, low=0.5, high=10),
        DescribedVariable("dm", "Diabetes", "binary", codes=YES_NO),
    )
    assert described.not_understood == ()


def test_statistics_and_bounds_become_facts() -> None:
    described = parse(MARKDOWN)
    assert values(described, "age") == {
        ("mean", ""): 63.2,
        ("sd", ""): 9.1,
        ("min", ""): 40,
        ("max", ""): 85,
    }
    assert values(described, "sex") == {("share", "male"): 0.56}
    assert values(described, "nyha") == {("share", "II"): 0.4}
    assert values(described, "dm") == {("share", "1"): 0.35}


def test_the_lines_of_a_prompt_are_a_table_too() -> None:
    described = parse(
        "MMSE: Mini-Mental State Examination|float||\n"
        "PTGENDER: Sex|integer|{0: male, 1: female}|\n"
        "AGE: Age|float||mean 74 (SD 7.5)\n"
    )
    assert described.variables == (
        DescribedVariable("MMSE", "Mini-Mental State Examination", "continuous"),
        DescribedVariable(
            "PTGENDER", "Sex", "binary", codes=(Code("0", "male"), Code("1", "female"))
        ),
        DescribedVariable("AGE", "Age", "continuous"),
    )
    assert values(described, "AGE") == {("mean", ""): 74, ("sd", ""): 7.5}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_may_be_pasted_from_a_file(separator: str) -> None:
    rows = [
        ["Variable", "Data type", "Units"],
        ["age", "whole number", "years"],
        ["bmi", "real", "kg/m2"],
    ]
    described = parse("\n".join(separator.join(row) for row in rows))
    assert described.variables == (
        DescribedVariable("age", type="integer", unit="years"),
        DescribedVariable("bmi", type="continuous", unit="kg/m2"),
    )


def test_quoted_cells_may_hold_separators_and_line_breaks() -> None:
    described = parse('name,description,values\n"blood ""group""","by\nantigen","A, B, AB, 0"\n')
    assert described.variables == (
        DescribedVariable(
            'blood "group"',
            "by\nantigen",
            "categorical",
            codes=tuple(map(Code, ["A", "B", "AB", "0"])),
        ),
    )


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("0=no, 1=yes", YES_NO),
        ("{0: no, 1: yes}", YES_NO),
        ("0: no; 1: yes", YES_NO),
        ("yes/no", (Code("no"), Code("yes"))),
        ('["mild", "severe"]', (Code("mild"), Code("severe"))),
        ("low<br>high", (Code("low"), Code("high"))),
    ],
)
def test_codes_are_written_in_many_ways(cell: str, codes: tuple[Code, ...]) -> None:
    described = parse(f"| Name | Codes |\n|---|---|\n| x | {cell} |\n")
    assert described.variables == (DescribedVariable("x", type="binary", codes=codes),)


def test_codes_keep_what_is_unusual_in_them() -> None:
    described = parse("| Name | Codes |\n|---|---|\n| سن é | <b>a</b>, ب, e\u0301 |\n")
    assert described.variables[0].name == "سن é"
    assert [code.code for code in described.variables[0].codes] == ["<b>a</b>", "ب", "e\u0301"]


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("18-90", 18, 90),
        ("[18, 90]", 18, 90),
        ("18 to 90", 18, 90),
        ("≥ 18", 18, None),
        ("18+", 18, None),
        ("<= 90", None, 90),
    ],
)
def test_ranges_are_written_in_many_ways(cell: str, low: float | None, high: float | None) -> None:
    described = parse(f"| Name | Range |\n|---|---|\n| x | {cell} |\n").variables[0]
    assert (described.low, described.high) == (low, high)


def test_shares_may_stand_beside_the_codes() -> None:
    described = parse(
        "| Name | Categories |\n|---|---|\n| smoking | never 50%, former (30%), current 20% |\n"
    )
    assert values(described, "smoking") == {
        ("share", "never"): 0.5, ("share", "former"): 0.3, ("share", "current"): 0.2
    }  # fmt: skip


def test_each_statistic_may_have_a_column() -> None:
    described = parse("Variable,Unit,Mean,SD\nAge,years,60.8,11.9\n")
    assert values(described, "Age") == {("mean", ""): 60.8, ("sd", ""): 11.9}


def test_what_is_not_understood_is_listed() -> None:
    described = parse(
        "| Name | Type | Colour | Missing | Statistics |\n|---|---|---|---|---|\n"
        "| x | flaot | red | five | hello world |\n"
    )
    assert [quote.text for quote in described.not_understood] == [
        "Colour",
        "flaot",
        "five",
        "hello world",
    ]
    assert described.variables == (DescribedVariable("x"),)


@pytest.mark.parametrize(
    ("cell", "share"), [("10%", 0.1), ("0.1", 0.1), ("0", 0), ("none", 0), ("2.5 %", 0.025)]
)
def test_the_missing_share_is_a_percentage_or_a_fraction(cell: str, share: float) -> None:
    described = parse(f"{MISSING}| x | int | {cell} |\n")
    assert values(described, "x") == {("missing", ""): share}


def test_a_missing_count_is_not_taken_for_a_percentage() -> None:
    described = parse(f"{MISSING}| x | int | 12 |\n")
    assert described.facts == ()
    assert [quote.text for quote in described.not_understood] == ["12"]


@pytest.mark.parametrize("row", ["| age | int | 3 |", "| age |"])
def test_a_ragged_row_is_refused(row: str) -> None:
    with pytest.raises(DescriptionError, match=r"line 3 .* has [13] cells where the heading has 2"):
        parse(f"| Name | Type |\n|---|---|\n{row}\n")


def test_three_hundred_variables_are_read() -> None:
    rows = [f"v{i},float,mg,mean {i}.5 (SD 1.2)" for i in range(300)]
    described = parse("\n".join(["name,type,unit,statistics", *rows]))
    assert [v.name for v in described.variables] == [f"v{i}" for i in range(300)]
    assert len(described.facts) == 600


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("median 88 (70-110)", {"p50": 88, "p25": 70, "p75": 110}),
        ("Median: 8.5 [7.0–11.2]", {"p50": 8.5, "p25": 7, "p75": 11.2}),
        ("median 62 (range 30-90)", {"p50": 62, "min": 30, "max": 90}),
        ("median 88", {"p50": 88}),
        ("mean 62 (11)", {"mean": 62, "sd": 11}),
        ("mean 62 (40-80)", {}),
    ],
)
def test_a_bracket_after_a_median_holds_quartiles(cell: str, expected: dict[str, float]) -> None:
    described = parse(f"name,type,unit,statistics\negfr,continuous,mL/min,{cell}")
    assert {fact.statistic: fact.value for fact in described.facts} == expected
    assert [quote.text for quote in described.not_understood] == ([] if expected else [cell])


@pytest.mark.parametrize("heading", ["levels", "categories", "codes", "statistics"])
@pytest.mark.parametrize(("cell", "code"), [("yes 12%", "yes"), ("No: 88%", "no")])
def test_one_share_of_yes_or_no_is_read_in_any_column(heading: str, cell: str, code: str) -> None:
    described = parse(f"name,description,{heading}\nsmoke,Smoking,{cell}\nx,X,\n")
    assert variable(described, "smoke").codes == (Code("no"), Code("yes"))
    assert [fact.code for fact in described.facts] == [code]
    assert described.not_understood == ()


@pytest.mark.parametrize(
    ("label", "bounds"),
    [
        ("Mini-mental score 0-30", (0, 30)),
        ("Mini-mental score (0 to 30)", (0, 30)),
        ("Mini-mental score", (None, None)),
        ("Born 1950-1980", (None, None)),
        ("COVID-19", (None, None)),
    ],
)
def test_a_description_that_ends_in_a_range_gives_the_bounds(
    label: str, bounds: tuple[float | None, float | None]
) -> None:
    described = parse(f"name,description,type\nx,{label},int\n")
    assert (variable(described, "x").low, variable(described, "x").high) == bounds
    assert variable(described, "x").label == label


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        ("binary", "40% male, 12% missing", [("share", "male", 0.4)]),
        ("binary", "12% missing; 40% male", [("share", "male", 0.4)]),
        ("continuous", "130 (20), 12% missing", [("mean", "", 130), ("sd", "", 20)]),
        ("continuous", "mean 130 (missing 12%)", [("mean", "", 130)]),
        ("binary", "12% missing", []),
    ],
)
def test_a_missing_share_among_the_statistics_is_no_code(
    kind: str, cell: str, expected: list[tuple[str, str, float]]
) -> None:
    described = parse(f"| Variable | Type | Statistics |\n|---|---|---|\n| x | {kind} | {cell} |\n")
    found = [(fact.statistic, fact.code, fact.value) for fact in described.facts]
    assert found == [("missing", "", 0.12), *expected]
    assert described.not_understood == ()
    for fact in described.facts:
        assert fact.start is not None
        assert described.text[fact.start :].startswith(fact.quote)


def test_a_listed_code_may_be_called_missing() -> None:
    described = parse("name,type,codes,statistics\nx,categorical,no|yes|missing,missing 12%\n")
    assert [(fact.statistic, fact.code) for fact in described.facts] == [("share", "missing")]


@pytest.mark.parametrize("cell", ["64 (SD 9) years", "mean 64 (9) years"])
def test_a_unit_after_the_statistics_is_that_of_the_variable(cell: str) -> None:
    described = parse(f"| Variable | Type | Statistics |\n|---|---|---|\n| Age | | {cell} |\n")
    assert variable(described, "Age").unit == "years"
    assert [fact.value for fact in described.facts] == [64, 9]
