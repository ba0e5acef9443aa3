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
from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.matching import plain_name
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import By, MeanSD, MedianIQR, Quantiles, SimpleMarginal, Variable

FOLDER = Path(synth_magic.catalogue.__file__).parent
SCHEMA = json.loads(Path(__file__).with_name("catalogue.schema.json").read_text(encoding="utf-8"))
ENTRIES = list(catalogue().entries.values())


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for path in FOLDER.glob("*.toml"):
        joined |= tomllib.loads(path.read_text(encoding="utf-8"))
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


def test_every_source_exists_or_is_assumed(files: dict[str, Any]) -> None:
    known = {source["id"] for source in files["source"]} | {"assumed"}
    used = {item["source"] for item in (*files["variable"], *files["association"])}
    assert used <= known


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


def test_every_name_means_one_entry() -> None:
    names = Counter(
        name
        for entry in ENTRIES
        for name in {plain_name(name) for name in (entry.name, entry.label, *entry.synonyms)}
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_is_a_valid_variable_within_its_bounds(entry: Entry) -> None:
    sex = catalogue().entries["sex"]
    variables = [
        Variable(known.name, known.type, known.marginal, decimals=known.decimals)
        for known in ((sex,) if entry is sex else (sex, entry))
    ]
    CohortSpec("", "", tuple(variables)).validate()
    for marginal in simple_marginals(entry):
        if isinstance(marginal, Quantiles | MeanSD | MedianIQR):
            assert entry.bounds is not None
            ends = (
                (marginal.min, marginal.max)
                if isinstance(marginal, Quantiles)
                else (marginal.low, marginal.high)
            )
            figures = [entry.bounds[0], *(end for end in ends if end is not None), entry.bounds[1]]
            assert all(a <= b for a, b in pairwise(figures))


def test_associations_tie_different_entries_that_have_ranks() -> None:
    known = catalogue()
    pairs = [frozenset((pair.a, pair.b)) for pair in known.associations]
    assert max(Counter(pairs).values()) == 1
    for pair in known.associations:
        ends = known.entries[pair.a], known.entries[pair.b]
        assert pair.a != pair.b
        assert all(end.type != "categorical" for end in ends)


def test_what_differs_by_sex_has_no_correlation_with_sex() -> None:
    by_sex = {entry.name for entry in ENTRIES if isinstance(entry.marginal, By)}
    with_sex = {pair.b for pair in catalogue().associations if pair.a == "sex"}
    with_sex |= {pair.a for pair in catalogue().associations if pair.b == "sex"}
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


def test_formulas_name_entries() -> None:
    formulas = [entry.formula for entry in ENTRIES if entry.formula]
    assert formulas
    for formula in formulas:
        assert Expression.parse(formula).names <= catalogue().entries.keys()


def test_urea_and_urea_nitrogen_are_the_same_patients() -> None:
    # Independent: molar masses, urea 60.06 g/mol with two nitrogens of 14.007 g/mol each.
    urea, nitrogen = (catalogue().entries[name] for name in ("urea", "urea_nitrogen"))
    assert isinstance(urea.marginal, Quantiles)
    assert isinstance(nitrogen.marginal, Quantiles)
    assert urea.marginal.p50 == pytest.approx(nitrogen.marginal.p50 * 10 / 28.014, rel=0.01)
    assert urea.other_units[0].factor == pytest.approx(6.006, rel=0.001)
