"""Published tables, parsed and compared with what was typed by reading them; see SOURCES.md."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from synth_magic.description import Description, parse
from synth_magic.description.labels import sex_of
from synth_magic.spec.model import Within

TABLES = sorted((Path(__file__).parents[1] / "data" / "table_one").glob("*.txt"))
Figure = tuple[str, str, str, str]


def stated(description: Description) -> dict[Figure, list[float]]:
    """What was parsed, keyed by arm, variable, code and statistic."""
    figures: dict[Figure, list[float]] = {}
    for fact in description.facts:
        arm = fact.within.code if fact.within else ""
        figures.setdefault((arm, fact.variable, fact.code, fact.statistic), []).append(fact.value)
    return figures


def expected(path: Path, description: Description) -> dict[Figure, float]:
    """What the source prints, in the parser's terms.

    `Male`, yes, is Sex, male; the levels below a score are its groups; the column of all patients
    is left out where the arms state the same.
    """
    arms = {code.code for v in description.variables if v.name == "Arm" for code in v.codes}
    scores = {fact.variable for fact in description.facts if fact.statistic in ("mean", "p50")}
    figures: dict[Figure, float] = {}
    with path.with_suffix(".expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, code = row["variable"], row["code"]
            if arms and row["arm"] not in arms:
                continue
            if sex := sex_of(name):
                name, code = "Sex", sex
            elif code and name in scores:
                name = f"{name} group"
            arm = row["arm"] if arms else ""
            figures[arm, name, code, row["statistic"]] = float(row["value"])
    return figures


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_figure_of_a_published_table_is_read(path: Path) -> None:
    description = parse(path.read_text(encoding="utf-8"))
    figures = stated(description)
    printed = expected(path, description)
    assert printed
    assert {key: figures.get(key) for key in printed} == {
        key: [pytest.approx(value)] for key, value in printed.items()
    }


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_nothing_else_is_read_into_a_published_table(path: Path) -> None:
    """Beyond the figures: the arms' sizes, missing values, and the ages that "adults" implies."""
    description = parse(path.read_text(encoding="utf-8"))
    more = set(stated(description)) - set(expected(path, description))
    assert {
        (variable, statistic)
        for _, variable, _, statistic in more
        if variable != "Arm" and statistic != "missing"
    } <= {("Age", "min")}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_facts_of_a_published_table_quote_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for fact in parse(text).facts:
        assert fact.start is not None
        assert text[fact.start :].startswith(fact.quote)
        assert fact.within is None or isinstance(fact.within, Within)
