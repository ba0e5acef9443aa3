"""What is found in the text of tables is what parsing all of them finds."""

from __future__ import annotations

from itertools import pairwise

import pytest

from synth_magic.catalogue import relations
from synth_magic.catalogue.load import catalogue

KNOWN = catalogue()
CONDITIONS = list(KNOWN.conditions.values())


@pytest.mark.parametrize("name", ["age", "systolic_bp", "death"])
def test_associations_of_a_variable_are_all_of_them_the_largest_first(name: str) -> None:
    found = relations.associations_of(name)
    assert {(p.a, p.b) for p in found} == {
        (p.a, p.b) for p in KNOWN.associations.all() if name in (p.a, p.b)
    }
    assert all(abs(a.spearman) >= abs(b.spearman) for a, b in pairwise(found))


def test_a_variable_without_associations_has_none() -> None:
    assert relations.associations_of("no_such_variable") == []


@pytest.mark.parametrize("name", ["age", "ejection_fraction"])
def test_conditions_with_figures_of_a_variable(name: str) -> None:
    assert relations.conditions_with(name) == {
        c.name: own for c in CONDITIONS if (own := [f for f in c.figures if f.variable == name])
    }


def test_kinds_know_what_they_are_kinds_of() -> None:
    kinds = [c for c in CONDITIONS if c.is_a]
    assert kinds
    for kind in kinds:
        assert kind in relations.kinds_of(kind.is_a)
        assert next(relations.general_kinds(kind)).name == kind.is_a


def test_formulas_and_rules_name_the_variable_as_a_whole_word() -> None:
    computed = {formula.variable for formula in relations.formulas_with("height")}
    assert "bmi" in computed
    for rule in relations.rules_with("systolic_bp"):
        assert "systolic_bp" in rule.expression.replace("max_systolic_bp", "")


def test_all_that_has_a_source_rests_on_it() -> None:
    resting = [relations.resting_on(source) for source in KNOWN.sources]
    assumed_or = KNOWN.sources.keys()
    sourced = [entry for entry in KNOWN.entries.values() if entry.source in assumed_or]
    assert sum(len(one.entries) for one in resting) == len(sourced)
    figures = [f for c in CONDITIONS for f in c.figures if f.source in assumed_or]
    assert sum(len(own) for one in resting for own in one.figures.values()) == len(figures)
    pairs = [*KNOWN.associations.all(), *(pair for c in CONDITIONS for pair in c.associations)]
    assert sum(len(one.associations) for one in resting) == sum(
        pair.source in assumed_or for pair in pairs
    )
