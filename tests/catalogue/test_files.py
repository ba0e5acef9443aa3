"""The catalogue's files: their form, and that every figure names what it rests on."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import synth_magic.catalogue
from synth_magic.catalogue.entries import Condition, Entry, Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.spelling import plain_name
from synth_magic.engines.offline.figures import absolute, changed
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import By, MeanSD, MedianIQR, Quantiles, SimpleMarginal, Variable

FOLDER = Path(synth_magic.catalogue.__file__).parent
SCHEMA = json.loads((FOLDER / "catalogue.schema.json").read_text(encoding="utf-8"))
KNOWN = catalogue()
ENTRIES = list(KNOWN.entries.values())
CONDITIONS = list(KNOWN.conditions.values())
PAIRS = list(KNOWN.associations.all())


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for path in FOLDER.rglob("*.toml"):
        for kind, tables in tomllib.loads(path.read_text(encoding="utf-8")).items():
            joined.setdefault(kind, []).extend(tables)
    return joined


def simple_marginals(entry: Entry) -> list[SimpleMarginal]:
    if isinstance(entry.marginal, By):
        return [cell.marginal for cell in entry.marginal.cells]
    return [entry.marginal]


def test_the_files_have_the_form_of_their_schema(files: dict[str, Any]) -> None:
    faults = [
        f"{fault.json_path}: {fault.message}"
        for fault in Draft202012Validator(SCHEMA).iter_errors(files)
    ]
    assert not faults


def test_the_schema_would_notice_a_misspelt_field(files: dict[str, Any]) -> None:
    misspelt = files | {"source": [{**files["source"][0], "adress": "https://example.org"}]}
    assert not Draft202012Validator(SCHEMA).is_valid(misspelt)


def test_every_table_is_found_without_parsing_its_file(files: dict[str, Any]) -> None:
    for tables, kind, key in (
        (KNOWN.entries, "variable", "name"),
        (KNOWN.conditions, "condition", "name"),
        (KNOWN.sources, "source", "id"),
    ):
        assert Counter(item[key] for item in files[kind]) == Counter(list(tables))
    pairs = (frozenset((item["a"], item["b"])) for item in files["association"])
    assert Counter(pairs) == Counter(frozenset((pair.a, pair.b)) for pair in PAIRS)


def test_spellings_are_read_off_as_they_are_parsed() -> None:
    for tables in (KNOWN.entries, KNOWN.conditions):
        for name, label, synonyms in tables.spellings():
            assert (label, synonyms) == (tables[name].label, tables[name].synonyms)


def test_every_source_exists_or_is_assumed(files: dict[str, Any]) -> None:
    sources = {source["id"] for source in files["source"]} | {"assumed"}
    items = [*files["variable"], *files["association"], *files["trend"], *files["condition"]]
    for condition in files["condition"]:
        items += [f for f in condition.get("figures", []) if "source" in f]
        items += [pair for pair in condition.get("associations", []) if "source" in pair]
    assert {item["source"] for item in items} <= sources
    assert {f["source"] for f in files["formula"] + files["rule"]} <= sources | {"definition"}


def test_usual_limits_are_never_assumed(files: dict[str, Any]) -> None:
    used = {item["usual"]["source"] for item in files["variable"] if "usual" in item}
    assert used
    assert used <= {source["id"] for source in files["source"]}


def test_the_schema_would_notice_usual_limits_on_no_side(files: dict[str, Any]) -> None:
    limits = {"meaning": "no hypertension", "population": "adults", "source": "esc_2024"}
    for ends, valid in (({}, False), ({"high": 140}, True)):
        only = files | {"variable": [{**files["variable"][0], "usual": limits | ends}]}
        assert Draft202012Validator(SCHEMA).is_valid(only) is valid


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.usual], ids=lambda entry: entry.name)
def test_usual_limits_lie_in_order_within_the_bounds(entry: Entry) -> None:
    assert entry.usual is not None
    assert entry.bounds is not None
    limits = [end for end in (entry.usual.low, entry.usual.high) if end is not None]
    figures = [entry.bounds[0], *limits, entry.bounds[1]]
    assert all(a < b for a, b in pairwise(figures))


@pytest.mark.parametrize("items", [ENTRIES, CONDITIONS], ids=["variables", "conditions"])
def test_every_name_means_one_thing(items: list[Entry | Condition]) -> None:
    names = Counter(
        name
        for item in items
        for name in {plain_name(name) for name in (item.name, item.label, *item.synonyms)}
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_entries_are_valid_variables_within_their_bounds() -> None:
    age, sex = KNOWN.entries["age"], KNOWN.entries["sex"]
    others = [entry for entry in ENTRIES if entry not in (age, sex)]
    variables = [
        Variable(known.name, known.type, known.marginal, decimals=known.decimals)
        for known in (sex, age, *others)
    ]
    CohortSpec("", "", tuple(variables)).validate()
    for entry in ENTRIES:
        for marginal in simple_marginals(entry):
            assert within_bounds(marginal, entry), entry.name


def within_bounds(marginal: SimpleMarginal, entry: Entry) -> bool:
    if not isinstance(marginal, Quantiles | MeanSD | MedianIQR):
        return True
    assert entry.bounds is not None
    quantiles = isinstance(marginal, Quantiles)
    ends = (marginal.min, marginal.max) if quantiles else (marginal.low, marginal.high)
    figures = [entry.bounds[0], *(end for end in ends if end is not None), entry.bounds[1]]
    return all(a <= b for a, b in pairwise(figures))


def test_what_is_said_of_codes_names_codes() -> None:
    for entry in ENTRIES:
        assert {*entry.code_names, *entry.yes_codes} <= set(entry.codes), entry.name


def test_conditions_speak_of_entries_in_their_codes_and_bounds() -> None:
    for condition in CONDITIONS:
        assert not condition.is_a or condition.is_a in KNOWN.conditions
        assert set(condition.holds) <= KNOWN.entries.keys()
        for name, code in condition.has.items():
            assert code in KNOWN.entries[name].codes, (condition.name, name)
        lines: dict[str, list[Figures]] = {}
        for figures in condition.figures:
            lines.setdefault(figures.variable, []).append(figures)
        made = {name: Variable(name, KNOWN.entries[name].type, KNOWN.entries[name].marginal)
                for name in ("sex", "age")}  # fmt: skip
        for name, own in lines.items():
            entry = KNOWN.entries[name]
            if own[0].is_relative:
                changed(entry, entry.marginal, own)
                continue
            marginal = absolute(entry, own, years=1)
            assert marginal is not None, (condition.name, name)
            made[name] = Variable(name, entry.type, marginal, decimals=entry.decimals)
        CohortSpec("", condition.name, tuple(made.values())).validate()


def test_associations_tie_different_entries_that_have_ranks() -> None:
    everywhere = [frozenset((pair.a, pair.b)) for pair in PAIRS]
    assert max(Counter(everywhere).values()) == 1
    for pair in (*PAIRS, *(pair for condition in CONDITIONS for pair in condition.associations)):
        ends = KNOWN.entries[pair.a], KNOWN.entries[pair.b]
        assert pair.a != pair.b
        assert all(end.type != "categorical" for end in ends), pair


def test_what_differs_by_sex_has_no_correlation_with_sex() -> None:
    by_sex = {entry.name for entry in ENTRIES if isinstance(entry.marginal, By)}
    with_sex = {(pair.b if pair.a == "sex" else pair.a) for pair in PAIRS
                if "sex" in (pair.a, pair.b)}  # fmt: skip
    assert not by_sex & with_sex


def test_usual_urea_is_that_of_its_nitrogen() -> None:
    # Independent: molar mass, two nitrogens of 14.007 g/mol in each urea.
    urea, nitrogen = (catalogue().entries[name].usual for name in ("urea", "urea_nitrogen"))
    assert urea is not None
    assert nitrogen is not None
    for mmol, mg in ((urea.low, nitrogen.low), (urea.high, nitrogen.high)):
        assert mmol is not None
        assert mg is not None
        assert mmol == pytest.approx(mg * 10 / 28.014, abs=0.05)


def test_formulas_and_rules_name_entries() -> None:
    expressions = [item.expression for item in (*KNOWN.formulas, *KNOWN.rules)]
    assert expressions
    for expression in expressions:
        assert Expression.parse(expression).names <= KNOWN.entries.keys()


def test_limits_part_yes_from_no_by_a_number() -> None:
    for limit in KNOWN.limits.values():
        assert KNOWN.entries[limit.variable].codes == ("no", "yes")
        assert not KNOWN.entries[limit.of].codes


def test_trends_are_of_entries() -> None:
    for trend in KNOWN.trends:
        entry = KNOWN.entries[trend.variable]
        assert (trend.statistic == "share") == bool(entry.codes)
        assert not trend.code or trend.code in entry.codes


def test_urea_and_urea_nitrogen_are_the_same_patients() -> None:
    # Independent: molar masses, urea 60.06 g/mol with two nitrogens of 14.007 g/mol each.
    urea, nitrogen = (catalogue().entries[name] for name in ("urea", "urea_nitrogen"))
    assert isinstance(urea.marginal, Quantiles)
    assert isinstance(nitrogen.marginal, Quantiles)
    assert urea.marginal.p50 == pytest.approx(nitrogen.marginal.p50 * 10 / 28.014, rel=0.01)
    assert urea.other_units[0].factor == pytest.approx(6.006, rel=0.001)
