"""What is taken out of a specification goes with all that names it, unless others need it."""

from __future__ import annotations

from dataclasses import replace

from synth_magic.engines.offline.removals import without
from synth_magic.spec import Association, MissingGroup, Rule, Variable
from synth_magic.spec.model import Formula
from tests.sampling.builders import AGE, CRP, HAEMOGLOBIN, SEX, cohort, said, yes_no

DOUBLE = Variable("double", "continuous", Formula("haemoglobin * 2"))
SPEC = replace(
    cohort(AGE, SEX, CRP, HAEMOGLOBIN, DOUBLE, yes_no("anaemic", 0.2)),
    associations=(Association("age", "crp", 0.2), Association("bloods", "age", 0.1)),
    missing_groups=(
        MissingGroup("bloods", ("crp",), 0.1),
        MissingGroup("old", ("haemoglobin",), 0.1, only_when="age > 70"),
    ),
    rules=(Rule("crp < 400"), Rule("age > 17")),
    facts=(*said("crp", mean=8), *said("age", ("sex", "male"), mean=60)),
    draw_order=("crp", "age", "bloods"),
)


def names(spec: object) -> list[str]:
    return [variable.name for variable in spec.variables]  # type: ignore[attr-defined]


def test_pairs_groups_rules_facts_and_places_go_along() -> None:
    left, hidden = without(SPEC, ["crp"])
    assert not hidden
    assert "crp" not in names(left)
    assert left.associations == ()
    assert [group.name for group in left.missing_groups] == ["old"]
    assert [rule.expression for rule in left.rules] == ["age > 17"]
    assert [fact.variable for fact in left.facts] == ["age"]
    assert left.draw_order == ("age",)
    left.validate()


def test_what_others_are_made_from_is_hidden_with_what_it_is_made_from() -> None:
    left, hidden = without(SPEC, ["sex", "haemoglobin", "anaemic"])
    assert hidden == {"haemoglobin": "double", "sex": "haemoglobin"}
    assert names(left) == ["age", "sex", "crp", "haemoglobin", "double"]
    assert [v.name for v in left.variables if v.hidden] == ["sex", "haemoglobin"]
    left.validate()


def test_what_decides_who_is_missing_stays() -> None:
    left, hidden = without(SPEC, ["age"])
    assert hidden == {"age": "haemoglobin"}
    assert len(left.missing_groups) == 2
    assert not without(SPEC, ["age", "haemoglobin", "double"])[1]


def test_nothing_taken_out_is_nothing_changed() -> None:
    assert without(SPEC, ()) == (SPEC, {})
