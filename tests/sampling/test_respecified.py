"""What was changed in a specification is in force, whatever was stated before."""

from __future__ import annotations

from dataclasses import replace

from synth_magic.sampling import compiled
from synth_magic.sampling.edits import edited
from synth_magic.sampling.respecified import respecified
from synth_magic.spec import CohortSpec, Fact, MeanSD, MedianIQR, Variable
from synth_magic.spec.edits import edit
from tests.sampling.builders import AGE, SEX, cohort, said, with_facts

WARD = cohort(
    SEX, AGE, Variable("weight", "continuous", MedianIQR(66, 76, 88, 35, 180), decimals=1)
)
TABLE_ONE = with_facts(
    WARD,
    *(
        Fact("weight 76 (66-88) kg", "weight", statistic, value)
        for statistic, value in (("p25", 66), ("p50", 76), ("p75", 88))
    ),
    *said("age", mean=64, sd=11),
)


def changed(spec: CohortSpec, name: str, **fields: object) -> CohortSpec:
    variables = (replace(v, **fields) if v.name == name else v for v in spec.variables)
    return replace(spec, variables=tuple(variables))


def test_what_was_changed_counts_as_stated_and_wins_over_earlier_facts() -> None:
    spec = compiled(TABLE_ONE).spec
    after = respecified(spec, changed(spec, "age", marginal=MeanSD(71, 9, 18, 95)))
    assert {fact.variable for fact in after.facts} == {"weight"}
    assert compiled(after).spec.variable("age").marginal == MeanSD(71, 9, 18, 95)
    assert after.variable("age").provenance == "stated"


def test_facts_that_still_hold_stay() -> None:
    spec = compiled(TABLE_ONE).spec
    wider = replace(spec.variable("weight").marginal, high=200)
    assert len(respecified(spec, changed(spec, "weight", marginal=wider)).facts) == len(spec.facts)


def test_a_provenance_that_was_changed_is_kept() -> None:
    spec = WARD
    literature = changed(spec, "age", marginal=MeanSD(71, 9, 18, 95), provenance="literature")
    assert respecified(spec, literature).variable("age").provenance == "literature"


def test_a_new_label_is_no_new_figure() -> None:
    spec = WARD
    after = respecified(spec, changed(spec, "age", label="Age at entry"))
    assert after.variable("age").provenance == spec.variable("age").provenance


def test_a_correlation_that_was_changed_wins_over_what_was_stated() -> None:
    spec = compiled(edited(WARD, edit("age", "spearman", 0.5, other_variable="weight"))).spec
    pairs = (
        replace(a, spearman=-0.1) if {a.a, a.b} == {"age", "weight"} else a
        for a in spec.associations
    )
    after = respecified(spec, replace(spec, associations=tuple(pairs)))
    assert not after.facts
    assert compiled(after).spec.associations[-1].spearman == -0.1


def test_a_missing_share_that_was_changed_wins_over_what_was_stated() -> None:
    spec = edited(WARD, edit("age", "missing", 0.2))
    assert not respecified(spec, changed(spec, "age", missing=0.05)).facts


def test_a_fact_that_was_changed_too_is_imposed() -> None:
    spec = compiled(TABLE_ONE).spec
    facts = tuple(replace(f, value=70.0) if f.statistic == "mean" else f for f in spec.facts)
    both = replace(changed(spec, "age", marginal=MeanSD(71, 9, 18, 95)), facts=facts)
    assert any(fact.value == 70 for fact in respecified(spec, both).facts)
