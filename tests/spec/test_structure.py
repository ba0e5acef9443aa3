from __future__ import annotations

from typing import Any

import pytest

from synth_magic.spec import By, Cell, MeanSD, MissingGroup, Rule, Variable
from synth_magic.spec.structure import structural_violations
from tests.spec.builders import cohort

ABSENT = "(absent)"
CELL = ("variables", 6, "marginal", "cells", 1)


def document() -> dict[str, Any]:
    cells = (Cell(("female",), MeanSD(13, 1)), Cell(("male",), MeanSD(15, 1)))
    haemoglobin = Variable("hb", "continuous", By(("sex",), cells))
    spec = cohort(
        haemoglobin, missing_groups=(MissingGroup("blood", ("hb",), 0.1),), rules=(Rule("age > 1"),)
    )
    return spec.to_dict()


def put(spec: Any, steps: tuple[str | int, ...], value: object) -> None:
    for step in steps[:-1]:
        spec = spec[step]
    if value is ABSENT:
        del spec[steps[-1]]
    else:
        spec[steps[-1]] = value


@pytest.mark.parametrize(
    ("steps", "value", "place", "words"),
    [
        (
            ("variables", 1, "marginal", "median"),
            3,
            "variables[1].marginal.median ('age')",
            "no such property; the properties are kind, min, p01, p05, p25, p50, p75, p95, p99, m",
        ),
        (
            ("variables", 2, "lable"),
            "gender",
            "variables[2].lable ('sex')",
            "basis, provenance, certainty (did you mean 'label'?)",
        ),
        (
            ("variables", 5, "marginal", "sd"),
            ABSENT,
            "variables[5].marginal ('sbp')",
            "`sd` is missing; every property must be present",
        ),
        (
            ("variables", 5, "marginal", "kind"),
            "mean_and_sd",
            "variables[5].marginal ('sbp')",
            "there is no kind 'mean_and_sd' here; the kinds are quantiles, mean_sd, median_iqr, s",
        ),
        (
            ("variables", 5, "marginal", "kind"),
            "mean-sd",
            "variables[5].marginal ('sbp')",
            "shares, by, formula, identifier (did you mean 'mean_sd'?)",
        ),
        (
            (*CELL, "marginal", "kind"),
            "by",
            "variables[6].marginal.cells[1].marginal ('hb')",
            "there is no kind 'by' here; the kinds are quantiles, mean_sd, median_iqr, shares",
        ),
        (
            ("variables", 5, "marginal", "kind"),
            ABSENT,
            "variables[5].marginal ('sbp')",
            "`kind` is missing; the kinds are quantiles",
        ),
        (
            ("variables", 5, "marginal"),
            "normal",
            "variables[5].marginal ('sbp')",
            "the text 'normal' stands where an object belongs; the kinds are quantiles",
        ),
        (
            ("variables", 5, "marginal", "low"),
            "seventy",
            "variables[5].marginal.low ('sbp')",
            "the text 'seventy' stands where a number belongs; write a number",
        ),
        (
            (*CELL, "marginal", "mean"),
            True,
            "variables[6].marginal.cells[1].marginal.mean ('hb')",
            "true or false stands where a number belongs",
        ),
        (
            ("variables", 2, "type"),
            "ordered",
            "variables[2].type ('sex')",
            "'ordered' is unknown; allowed: continuous, integer, binary, ordinal, categorical, d",
        ),
        (
            ("variables", 2, "decimals"),
            0.5,
            "variables[2].decimals ('sex')",
            "the number 0.5 stands where a whole number belongs",
        ),
        (
            ("variables", 2, "digit_preference"),
            5,
            "variables[2].digit_preference ('sex')",
            "the number 5 stands where an object belongs",
        ),
        (
            ("missing_groups", 0, "fraction"),
            None,
            "missing_groups[0].fraction ('blood')",
            "null stands where a number belongs",
        ),
        (("rules", 0), "age > 1", "rules[0]", "the text 'age > 1' stands where an object belongs"),
        (("associations",), {}, "associations", "an object stands where a list belongs"),
        (
            ("variables", 1, "missing"),
            float("nan"),
            "variables[1].missing ('age')",
            "the number is not finite; write a finite number",
        ),
        (
            ("variables", 1, "missing"),
            10**400,
            "variables[1].missing ('age')",
            "the number is not finite",
        ),
        (
            ("variables", 1, "label"),
            "\ud83d",
            "variables[1].label ('age')",
            "the text holds half a character; write valid Unicode",
        ),
    ],
    ids=str,
)
def test_a_message_names_the_real_fault_and_its_place(
    steps: tuple[str | int, ...], value: object, place: str, words: str
) -> None:
    spec = document()
    put(spec, steps, value)
    (violation,) = structural_violations(spec)
    assert violation.path == place
    assert words in str(violation)


def test_a_whole_document_has_no_violations() -> None:
    assert structural_violations(document()) == ()


def test_every_fault_is_told_once() -> None:
    spec = document()
    for knot in ("min", "p50", "max"):
        put(spec, ("variables", 1, "marginal", knot), ABSENT)
    put(spec, ("variables", 2, "marginal", "shares", 0, "percent"), 50)
    put(spec, ("version",), "1")
    violations = structural_violations(spec)
    assert {violation.path for violation in violations} == {
        "variables[1].marginal ('age')",
        "variables[2].marginal.shares[0].percent ('sex')",
        "version",
    }
    assert len(violations) == 3
    assert "`min`, `p50`, `max` are missing" in str(violations[0])
