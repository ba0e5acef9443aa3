"""Which pairs are imposed, and which stay apart."""

from __future__ import annotations

from synth_magic.sampling.dependence import Dependence, dependence
from synth_magic.sampling.structure import sampled_ancestors, sampled_parents
from synth_magic.spec import Association, By, Cell, CohortSpec, Formula, MeanSD, Variable
from tests.sampling.builders import AGE, CRP, HAEMOGLOBIN, SEX, by, cohort, number, shares

STAGE = Variable("stage", "ordinal", by("sex", female=shares(I=0.8, II=0.2),
                                        male=shares(I=0.3, II=0.7)))  # fmt: skip
TUMOUR = Variable("tumour", "continuous", by("stage", I=MeanSD(2, 1), II=MeanSD(5, 2)), decimals=2)
CHAIN = cohort(
    SEX, STAGE, TUMOUR, AGE,
    associations=(
        Association("tumour", "stage", 0.5),
        Association("tumour", "sex", 0.2),
        Association("tumour", "age", 0.1),
    ),
)  # fmt: skip


def apart(pairs: Dependence) -> set[frozenset[str]]:
    return {frozenset((pairs.names[i], pairs.names[j])) for i, j in pairs.apart}


def imposed(spec: CohortSpec) -> list[tuple[str, str]]:
    return [(pair.a, pair.b) for pair in dependence(spec).imposed]


def test_only_a_parent_stays_apart() -> None:
    assert apart(dependence(CHAIN)) == {frozenset(("stage", "sex")), frozenset(("tumour", "stage"))}
    assert imposed(CHAIN) == [("tumour", "sex"), ("tumour", "age")]


def test_the_parents_parents_decide_the_level_too() -> None:
    pairs = dependence(CHAIN)
    names = {child: {pairs.names[i] for i in found} for child, found in pairs.deciding.items()}
    assert names == {"tumour": {"sex", "stage"}}


def test_with_parents_alone_there_is_nothing_distant() -> None:
    spec = cohort(SEX, AGE, HAEMOGLOBIN, CRP)
    assert dependence(spec).deciding == {}
    assert sampled_parents(spec) == sampled_ancestors(spec) == {"haemoglobin": {"sex"}}


OLD = Variable(
    "old", "binary", Formula("'yes' if tumour > 3 and age > 70 else 'no'", ("no", "yes"))
)


def test_a_formula_counts_with_what_it_is_computed_from() -> None:
    """And no further: the stage behind the tumour is distant."""
    frail = Variable("frail", "binary", by("old", no=shares(no=0.9, yes=0.1),
                                           yes=shares(no=0.4, yes=0.6)))  # fmt: skip
    spec = cohort(SEX, STAGE, TUMOUR, AGE, OLD, frail)
    assert sampled_parents(spec)["frail"] == {"tumour", "age"}
    assert sampled_ancestors(spec)["frail"] == {"tumour", "age", "stage", "sex"}


def test_a_parent_that_is_also_a_parents_parent_stays_apart() -> None:
    cells = tuple(
        Cell((sex, stage), MeanSD(2, 1)) for sex in ("female", "male") for stage in ("I", "II")
    )
    tumour = Variable("tumour", "continuous", By(("sex", "stage"), cells), decimals=1)
    pairs = dependence(cohort(SEX, STAGE, tumour))
    assert frozenset(("tumour", "sex")) in apart(pairs)
    assert pairs.deciding == {}


def test_an_association_with_the_hidden_input_of_a_formula_is_imposed() -> None:
    severity = number("severity", hidden=True)
    score = Variable("score", "integer", Formula("round(50 + 10 * severity)"))
    associations = (Association("age", "severity", 0.4), Association("age", "score", 0.4))
    spec = cohort(AGE, severity, score, associations=associations)
    assert imposed(spec) == [("age", "severity")]
