"""A name with three versions: described, edited by hand, described anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from synth_magic import Cohort
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.bindings import Bindings
from synth_magic.spec import MeanSD

EVIL = '<script>alert("é")</script> 🩺 ' + "long" * 130


def described(cohort: Cohort, text: str, **spec: Any) -> Cohort:
    return replace(
        cohort,
        spec=replace(cohort.spec, **spec),
        origin=replace(cohort.origin, description=text),
    )


def older(cohort: Cohort, mean: float) -> Cohort:
    """The cohort with another mean of age, and without the fact that states it."""
    variables = tuple(
        replace(v, marginal=MeanSD(mean, 11, 40, 85)) if v.name == "age" else v
        for v in cohort.spec.variables
    )
    facts = tuple(fact for fact in cohort.spec.facts if fact.variable != "age")
    return replace(cohort, spec=replace(cohort.spec, variables=variables, facts=facts))


@pytest.fixture
def bindings() -> Bindings:
    return Bindings({}, lambda _: {"engine": "offline"})


@pytest.fixture
def binding(bindings: Bindings, cohort: Cohort) -> Binding:
    first = described(cohort, "Adults with\ndiabetes")
    binding = bindings.add("d", first.frame(), "described", source="%%synthpatients d")
    binding.change(older(first, 71), "edited", "age: mean 71")
    last = described(cohort, EVIL, title=EVIL[:500])
    bindings.add("d", last.frame(), "described", before=binding.version)
    return binding
