"""What is wrong with an input is said in one clear error, whichever door it comes through.

Every test goes in by the front: a cell in a real IPython shell, `generate`, `sample` and
`CohortSpec.from_json`, or the command line. A refusal names the place and the remedy, and leaves
the user's variables alone; odd input that is no mistake is kept as it was written.
"""

from __future__ import annotations

import html
import random
import string
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell as Shell
from IPython.utils.capture import capture_output

import synth_magic as sm
from synth_magic.cli import main
from synth_magic.errors import (
    ContradictionError,
    DescriptionError,
    RowsError,
    SamplingError,
    SpecificationError,
    SynthMagicError,
)
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.display import show_rich
from synth_magic.spec import Association, Formula, MeanSD, Quantiles, Rule, Variable
from tests.notebook import conftest
from tests.sampling.builders import AGE, cohort, number, shares

Captured = pytest.CaptureFixture[str]
session_shell = conftest.session_shell
shell = conftest.shell

UNTOUCHED = "\nd is as it was before."
TABLE = "| Variable | Type | Statistics |\n|---|---|---|\n"
ARMS = "Characteristic | Drug (N=100) | Placebo (N=100)\n"
ALL = "Characteristic | All (N=100)\n"
PROSE = "Adults aged 40-85, 56% male."
FULL = "give every row as many cells as the heading"
LONG = "x" * 10_000


def row(name: str, statistics: str, kind: str = "continuous") -> str:
    return f"{TABLE}| {name} | {kind} | {statistics} |\n"


def ids(cases: list[Any]) -> list[str]:
    return [f"{place} {words[:40]}" for place, (*_, words) in enumerate(cases)]


def refusal(shell: Shell, line: str, body: str) -> tuple[str, str]:
    """Run a cell that must fail and leave all as it was; return its error's name and words."""
    shell.user_ns["d"] = earlier = object()
    before = {name for name in shell.user_ns if not name.startswith("_")}
    with capture_output() as shown:
        result = shell.run_cell(f"%%synthpatients {line}\n{body}")
    assert shell.user_ns["d"] is earlier
    assert {name for name in shell.user_ns if not name.startswith("_")} == before
    said = (shown.stdout + shown.stderr).strip()
    error = result.error_in_exec
    assert said == f"{type(error).__name__}: {error}"
    return type(error).__name__, str(error)


def errors_of(capsys: Captured, *arguments: str | Path) -> str:
    """Run a command that must fail; return what it says on standard error."""
    assert main([str(argument) for argument in arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


DESCRIPTIONS: list[tuple[type[SynthMagicError], str, str]] = [
    (DescriptionError, " \n\t\u00a0\r\n", "the description is empty; write what patients you want"),
    (DescriptionError, f"{TABLE}| age | continuous | mean 60 |\n| bmi | continuous |\n",
     f"has 2 cells where the heading has 3: '| bmi | continuous |'; {FULL}"),
    (DescriptionError, "variable,type,mean,sd\nage,continuous,60,10\nbmi,continuous,27\n",
     f"line 3 of the description has 3 cells where the heading has 4: 'bmi,continuous,27'; {FULL}"),
    (DescriptionError, f"{ARMS}Age, years | 60 (10) | 61 (10)\nBMI | 27 (4)\n",
     f"line 3 of the description has 2 cells where the table has 3: 'BMI | 27 (4)'; {FULL}"),
    (ContradictionError, "age: Age|float||\nage: Age again|float||\n",
     "line 2 has 'age: Age again|float||'; give each its own name, or leave one out"),
    (ContradictionError, "variable,type,categories\nsex,binary,0=male;0=female\n",
     "the code '0' of 'sex' is there twice: line 2 has '0=male' and line 2 has '0=female'"),
    (ContradictionError, f"{ALL}Age, years | 60 (10)\nAge, years | 65 (10)\n",
     "and mean 65 (line 3, 'Age, years | 65 (10)') differ; keep one of them"),
    (ContradictionError, "Adults aged 40 to 80, mean age 90 (SD 5).",
     "age: mean 90 (line 1, 'mean age 90 (SD 5)') is above maximum 80 (line 1, 'aged 40 to 80')"),
    (ContradictionError, "Adults aged 40 to 80, mean age 60 (SD 50).",
     "and maximum 80 (line 1, 'aged 40 to 80'); it is at most 20"),
    (ContradictionError, f"{ALL}Age, median (Q1-Q3) | 60 (70-80)\n",
     "Age: lower quartile 70 (line 2, 'Age, median (Q1-Q3) | 60 (70-80)') is above median 60"),
    (ContradictionError, f"{ALL}Race, %\n  White | 50.2\n  Black | 30.1\n  Other | 20.1\n",
     "the shares sum to 100.4 %, over 100 %: share of 'White' 50.2 % (line 3, 'White | 50.2'), "),
    (ContradictionError, "Adults, 120% male.", "share of 'male' 120 % (line 1, '120% male') is im"),
    (DescriptionError, row("x", f"mean {'9' * 400}"), f"'{'9' * 40}' is too large for a number"),
    (SpecificationError, row("x", "mean 1e99 (SD 1e98)"), "it is 1e+99; figures are up to 1e+15"),
    (SpecificationError, row("a\x00ge", "mean 60"),
     r"'a\x00ge' has a control character; write one line of plain text"),
    (SpecificationError, row(LONG, "mean 60"),
     f"('{'x' * 59}…'): it has 10,000 characters; at most 500 are allowed"),
    (DescriptionError, "".join(random.Random(1).choices(string.printable, k=400_000)),
     "of the description opens a quote and does not close it: "),
    (DescriptionError, "x" * 999_999 + "\n",
     "the description has 1,000,000 characters; at most 500,000 are allowed"),
    (DescriptionError, "\u200b\x00\n", "the description is empty; write what patients you want"),
    (DescriptionError, TABLE,
     "line 1 of the description is the heading of a table without rows: '| Variable | Type | "),
    (DescriptionError, ARMS, "'Characteristic | Drug (N=100) | Placebo (N=100)'; add a row for ea"),
    (DescriptionError, "variable,type\n\"age,continuous\n",
     "line 2 of the description opens a quote and does not close it: '\"age'; close it, or leave"),
    (DescriptionError, "Characteristic | Drug (N=100) | Placebo (N=0)\nMale, n | 50 | 0\n",
     "the column 'Placebo (N=0)' states no patients; write how many it has, as in (N=100), or "),
    (DescriptionError, "Characteristic | Drug (N=100) | Placebo (N=)\nAge | 60 (10) | 61 (10)\n",
     "the column 'Placebo (N=)' states no patients; write how many it has, as in (N=100), or "),
]  # fmt: skip


@pytest.mark.parametrize(("error", "body", "words"), DESCRIPTIONS, ids=ids(DESCRIPTIONS))
def test_a_description_is_refused_with_its_place_and_the_remedy(
    error: type[SynthMagicError],
    body: str,
    words: str,
    *,
    shell: Shell,
    tmp_path: Path,
    capsys: Captured,
) -> None:
    with pytest.raises(error) as raised:
        sm.generate(body, rows=5)
    assert words in str(raised.value)
    assert refusal(shell, "d --rows 5", body) == (error.__name__, f"{raised.value}{UNTOUCHED}")
    (tmp_path / "cohort.txt").write_text(body, encoding="utf-8", newline="")
    out = tmp_path / "patients.csv"
    said = errors_of(capsys, "generate", "--file", tmp_path / "cohort.txt", "--out", out)
    assert said.startswith("synthpatients: ")
    assert words in said
    assert [path.name for path in tmp_path.iterdir()] == ["cohort.txt"]


def test_an_empty_cell_leads_to_an_example(shell: Shell) -> None:
    error, message = refusal(shell, "d", "")  # IPython answers before it asks us
    assert error == "UsageError"
    assert "the cell body is empty. Did you mean the line magic %synthpatients" in message
    with pytest.raises(UsageError, match=r"(?s)two percent signs .*%%synthpatients"):
        shell.run_line_magic("synthpatients", "d")
    with pytest.raises(DescriptionError, match="is empty; write what patients you want, for"):
        sm.generate("")


def test_half_a_character_is_refused() -> None:
    with pytest.raises(DescriptionError, match=r"line 1 .* half a character \(U\+D800\), which no"):
        sm.generate(f"{PROSE} \ud800")


SETTINGS: list[tuple[str, str, str]] = [
    ("--rows 0", "RowsError", "rows must be a whole number of at least 1, not 0"),
    ("--rows -1", "RowsError", "rows must be a whole number of at least 1, not -1"),
    ("--rows 100000000", "RowsError",
     "100,000,000 rows of 2 columns take about 1.8 GB of memory; allow it with large=True"),
    ("--engine ofline", "SettingError",
     "--engine must be 'auto', 'claude', 'recorded' or 'offline', not 'ofline' (did you mean "),
    ("--row 5", "UsageError", "unknown option --row (did you mean '--rows'?); the options are"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "error", "words"), SETTINGS, ids=ids(SETTINGS))
def test_a_setting_is_refused(option: str, error: str, words: str, shell: Shell) -> None:
    name, message = refusal(shell, f"d {option}", PROSE)
    assert (name, message[: len(words)]) == (error, words)


def test_ten_million_patients_of_usual_width_ask_first() -> None:
    wide = TABLE + "".join(f"| x{i} | continuous | mean {i} (SD 1) |\n" for i in range(12))
    with pytest.raises(RowsError, match=r"^10,000,000 rows of 12 columns take about 1\.1 GB"):
        sm.generate(wide, rows=10_000_000)


def test_ten_million_in_words_is_not_ten() -> None:
    with pytest.raises(RowsError):
        sm.generate("10 million patients with diabetes.")


COMMANDS: list[tuple[list[str], str]] = [
    (["generate", PROSE, "--rows", "100000000"], "100,000,000 rows of 2 columns take about"),
    (["generate", PROSE, "--engine", "ofline"], "--engine must be 'auto', 'claude', 'recor"),
    (["generate", "--file", "a\x00b"], "cannot read 'a\\x00b': embedded null byte"),
    (["sample", "nowhere.json"], "cannot read 'nowhere.json': no such file or directory"),
]


@pytest.mark.parametrize(("arguments", "words"), COMMANDS, ids=ids(COMMANDS))
def test_a_command_is_refused(arguments: list[str], words: str, capsys: Captured) -> None:
    said = errors_of(capsys, *arguments)
    assert said.startswith(f"synthpatients: {words}")
    assert said.count("\n") == 1


WRONG_TYPES = [
    lambda: sm.generate(None),  # type: ignore[arg-type]
    lambda: sm.generate(PROSE, engine=5),  # type: ignore[arg-type]
    lambda: sm.CohortSpec.from_json({}),  # type: ignore[arg-type]
    lambda: sm.sample("age"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("call", WRONG_TYPES, ids=["text", "engine", "JSON", "specification"])
def test_a_wrong_type_is_refused(call: Any) -> None:
    with pytest.raises(SynthMagicError):
        call()


def formula(expression: str) -> sm.CohortSpec:
    return cohort(AGE, Variable("x", "continuous", Formula(expression)))


def quoted(*names: str, expression: str) -> sm.CohortSpec:
    """Return numbers of these names and their sum."""
    total = Variable("sum", "continuous", Formula(expression), decimals=3)
    return cohort(*(number(name, 50, 5) for name in names), total)


def pairs(*correlations: float) -> sm.CohortSpec:
    """Return three variables and the correlations of a and b, a and c, b and c."""
    links = tuple(map(Association, "aab", "bcc", correlations))
    return cohort(number("a"), number("b"), number("c"), associations=links)


FALLING = Quantiles(1, 2, 3, 4, 3.5, 6, 7, 8, 9)
SPECIFICATIONS: list[tuple[sm.CohortSpec, str]] = [
    (cohort(Variable("sex", "binary", shares(female=0.504, male=0.5))),
     "variables[0].marginal.shares ('sex'): the shares sum to 1.004; they must sum to 1"),
    (cohort(Variable("x", "continuous", FALLING)),
     "variables[0].marginal.p50 ('x'): p50 is 3.5, below p25, which is 4; each is at least the"),
    (cohort(Variable("x", "continuous", MeanSD(60, 10, 0, 50))),
     "variables[0].marginal.mean ('x'): the mean 60 is outside 0 to 50; it must lie within the"),
    (cohort(AGE, AGE), "variables[1].name: another variable has the name 'age'"),
    (formula("agee + 1"),
     "('x'): 'agee' is no variable; name one of the variables (did you mean 'age'?)"),
    (formula("x + 1"), "'x' needs 'x', in a circle; break the circle"),
    (cohort(*(Variable(a, "continuous", Formula(f"{b} + 1")) for a, b in ("ab", "bc", "ca"))),
     "variables[0].marginal ('a'): 'a' needs 'b' needs 'c' needs 'a', in a circle; break the"),
    (pairs(1.5), "associations[0].spearman ('a - b'): it is 1.5; correlations are from -1"),
    (cohort(AGE, rules=(Rule("age"),)),
     "rules[0].expression: 'age' is neither true nor false; write a condition, such as age >= 18"),
    (formula("__import__('os')"), "calls no known function; the functions are min, max"),
    (formula("().__class__"), "column 1 of '().__class__': '().__class__' is attribute access"),
    (cohort(AGE, rules=(Rule("__import__('os').system('true') == 0"),)), "calls no known function"),
    (formula("age + " * 1_700_000 + "1"),
     "the expression has 10,200,001 characters; at most 2,000 are allowed"),
    (formula("1e400"), "'1e400' is too large; numbers up to 1e308 are allowed"),
    (formula("-" * 1_500 + "age"), "is nested too deeply; at most 40 levels are allowed"),
    (formula("age\x00"), "it has a line break or control character; write it in one line"),
    (cohort(number(LONG)), "it has 10,000 characters; at most 500 are allowed"),
    (cohort(number("x", 60, 1e308)), "('x'): it is 1e+308; figures are up to 1e+15"),
    (cohort(number("x", 60, 1e-300)), "('x'): the SD is 1e-300, next to nothing; write 0 for a"),
    (quoted("HbA1c (%)", expression="HbA1c (%) + 1"), "in backticks where they are no plain"),
    (quoted("class", expression="class + 1"), "in backticks where they are no plain words"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "words"), SPECIFICATIONS, ids=ids(SPECIFICATIONS))
def test_a_specification_is_refused_with_its_place_and_the_remedy(
    spec: sm.CohortSpec, words: str, tmp_path: Path, capsys: Captured
) -> None:
    with pytest.raises(SpecificationError) as raised:
        sm.CohortSpec.from_json(spec.to_json())
    message = str(raised.value)
    assert message.startswith("the specification has 1 violation:\n  ")
    assert words in message
    assert len(message) < 500
    with pytest.raises(SpecificationError) as again:
        sm.sample(spec, rows=5)
    assert str(again.value) == message
    spec.write(tmp_path / "spec.json")
    assert errors_of(capsys, "sample", tmp_path / "spec.json") == f"synthpatients: {message}\n"


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_json_that_holds_no_finite_number_is_refused(number: str) -> None:
    words = "is no number that JSON knows|\\('age'\\): the number is not finite; write a finite"
    with pytest.raises(SpecificationError, match=words):
        sm.CohortSpec.from_json(cohort(AGE).to_json().replace("64", number))


IMPOSSIBLE: list[tuple[sm.CohortSpec, str]] = [
    (cohort(AGE, rules=(Rule("age > 200"),)),
     "the rule 'age > 200' is broken by 100% of the patients, too many to draw again: state it as"),
    (formula("9**9**9"), "x: the formula '9**9**9' has a result in no patient; look for a"),
    (formula("0/0"), "x: the formula '0/0' has a result in no patient; look for a"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "words"), IMPOSSIBLE, ids=ids(IMPOSSIBLE))
def test_what_no_patient_can_be_is_refused(spec: sm.CohortSpec, words: str) -> None:
    with pytest.raises(SamplingError) as raised:
        sm.sample(spec, rows=1)
    assert str(raised.value).startswith(words)


def test_impossible_correlations_are_approached_and_told() -> None:
    notes = sm.sample(pairs(0.95, 0.95, -0.95)).cohort.compiled.notes
    told = "a - b: Spearman 0.95 cannot be had beside the other correlations; it is 0.48"
    assert (notes[0], len(notes)) == (told, 3)


def test_names_that_are_no_identifiers_are_kept_and_quoted_in_expressions() -> None:
    names = ("HbA1c (%)", "class", "2nd visit", "a`b", 'O\'Neil "x"', "גיל", "e\u0301ge", "µ")
    in_backticks = (f"`{name.replace('`', '``')}`" for name in names)
    frame = sm.sample(quoted(*names, expression=" + ".join(in_backticks)), rows=20)
    assert tuple(frame.columns) == (*names, "sum")
    assert frame["sum"].to_numpy() == pytest.approx(frame[list(names)].sum(axis=1), abs=1e-6)


def test_markup_is_kept_in_the_frame_and_escaped_in_the_page(shell: Shell) -> None:
    name, code, other = "<script>alert('x')</script>", '"><img src onerror>', "\u202egnp.exe"
    body = row(name, f"{code} 40%, {other} 60%", "binary")
    with capture_output() as shown:
        shell.run_cell(f"%%synthpatients d --rows 50\n{body}")
        frame = shell.user_ns["d"]
        show_rich(frame, Bindings(shell.user_ns))
    assert list(frame.columns) == [name]
    assert set(frame[name].astype(str)) == {code, other}
    page = "".join(output.data.get("text/html", "") for output in shown.outputs)
    assert html.escape(name) in page
    assert not any(raw in page for raw in ("<script", "<img src onerror", "\u202e"))


KEPT = {
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "non-breaking spaces": lambda text: text.replace(" ", "\u00a0"),
    "trailing tabs": lambda text: text.replace("\n", "\t\n"),
    "null bytes between": lambda text: text.replace(". ", ".\x00 "),
}


@pytest.mark.parametrize("change", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("body", [f"{PROSE} HbA1c 7.4 (SD 1.3).\n", f"{ALL}Age, years | 60 (10)\n"])
def test_unseen_characters_change_nothing(body: str, change: Any) -> None:
    assert sm.generate(change(body), rows=20).equals(sm.generate(body, rows=20))


def test_three_hundred_columns_are_made_and_one_row() -> None:
    many = TABLE + "".join(f"| x{i} | continuous | mean {i} (SD 1) |\n" for i in range(300))
    assert sm.generate(many, rows=1).shape == (1, 300)


@pytest.mark.parametrize("cell", ["mean NaN (SD 1)", "inf (inf)", "range 0 to inf", "1e308 (1)"])
def test_what_is_no_finite_number_is_listed_as_not_understood(cell: str) -> None:
    frame = sm.generate(row("x", cell), rows=5)
    assert frame.cohort.origin.not_understood == (cell,)
    assert not frame.cohort.spec.facts
    assert frame["x"].notna().all()


def test_an_sd_of_zero_is_a_constant() -> None:
    frame = sm.generate(f"{ALL}Age, years | 60 (0)\n", rows=20)
    assert set(frame["Age"]) == {60}
    assert frame.cohort.facts(frame)["reached"].all()


def test_percentages_may_miss_100_by_their_rounding() -> None:
    body = f"{ALL}Race, %\n  White | 51\n  Black | 30\n  Other | 20\n"
    assert set(sm.generate(body, rows=200)["Race"]) == {"White", "Black", "Other"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"{ALL}Sex, n (%)\n  Female (F) | 40 (40)\n  Male (M) | 60 (60)\n",
         [("Sex", "Female (F)", 0.4), ("Sex", "Male (M)", 0.6)]),
        (f"{ALL}Age, n (%)\n  &lt;65 | 40 (40)\n  65+ | 60 (60)\n",
         [("Age", "&lt;65", 0.4), ("Age", "65+", 0.6)]),
        ("\ufeffvariable,type,mean,sd\nx,continuous,60,10\n", [("x", "mean", 60), ("x", "sd", 10)]),
        ("Adults aged 40-85,\t56% male.",
         [("age", "min", 40), ("age", "max", 85), ("sex", "male", 0.56)]),
        ("HbA1c 7.4 (SD 1.3), BMI NaN (SD 4).", [("hba1c", "mean", 7.4), ("hba1c", "sd", 1.3)]),
    ],
)  # fmt: skip
def test_what_is_stated_is_understood(body: str, told: list[tuple[str, str, float]]) -> None:
    stated = sm.generate(body, rows=5).cohort.spec.facts
    assert [(fact.variable, fact.code or fact.statistic, fact.value) for fact in stated] == told
