"""Whatever is described without contradiction becomes a valid specification with patients."""

from __future__ import annotations

from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.description.model import Code, DescribedVariable, Description
from synth_magic.engines.offline.choosing import names_nothing
from synth_magic.engines.offline.curves import simple
from synth_magic.engines.offline.elicit import elicit
from synth_magic.errors import SamplingError
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec.model import (
    Fact,
    Formula,
    Identifier,
    Marginal,
    MeanSD,
    MedianIQR,
    VariableType,
)

KNOWN = [name for entry in catalogue().entries.values() for name in (entry.name, entry.label)]
UNITS = ["", "", "kg", "lb", "mmol/mol", "umol/L", "%", "years", "mmHg", "flumbars"]
CODES = [("no", "yes"), ("0", "1"), ("1", "2"), ("female", "male"), ("M", "F"), ("I", "II", "III"),
         ("never", "former", "current"), ("<b>", "µ"), ("one",)]  # fmt: skip
NUMBERS: list[VariableType | None] = [None, None, "continuous", "integer"]
CODED: list[VariableType | None] = [None, "binary", "categorical", "ordinal"]
FIGURES = st.floats(0.01, 1e4).map(lambda x: float(f"{x:.3g}"))


@st.composite
def numbers(draw: st.DrawFn, name: str) -> tuple[DescribedVariable, list[Fact]]:
    low, p25, p50, p75, high = sorted(draw(st.lists(FIGURES, min_size=5, max_size=5, unique=True)))
    figures = draw(
        st.sampled_from([
            {}, {"mean": p50}, {"p50": p50}, {"mean": p50, "sd": (p75 - p25) / 2},
            {"p25": p25, "p50": p50, "p75": p75}, {"mean": p50, "sd": 0.0}, {"missing": 0.2},
        ])
    )  # fmt: skip
    bounds = draw(st.sampled_from([{}, {"min": low}, {"max": high}, {"min": low, "max": high}]))
    if figures.get("sd", 0) ** 2 * 1.1 > (p50 - low) * (high - p50):
        bounds = {}
    type_ = draw(st.sampled_from(NUMBERS))
    if type_ == "integer":  # a whole number cannot have any bounds, nor any SD
        figures = {name: figures[name] for name in ("missing",) if name in figures}
        bounds = {}
    described = DescribedVariable(
        name, type=type_, unit=draw(st.sampled_from(UNITS)),
        low=bounds.get("min"), high=bounds.get("max"),
    )  # fmt: skip
    stated = {**figures, **bounds}
    return described, [Fact("so", name, key, x) for key, x in stated.items()]  # type: ignore[arg-type]


@st.composite
def coded(draw: st.DrawFn, name: str) -> tuple[DescribedVariable, list[Fact]]:
    codes = draw(st.sampled_from(CODES))
    type_ = draw(st.sampled_from(CODED))
    if type_ == "binary" and len(codes) != 2:
        type_ = "categorical"
    described = DescribedVariable(name, type=type_, codes=tuple(Code(code) for code in codes))
    share = draw(st.sampled_from([None, 0.0, 0.12, 1.0]))
    facts = [] if share is None else [Fact("so", name, "share", share, code=codes[-1])]
    return described, [] if len(codes) == 1 else facts


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    words = st.sampled_from([*KNOWN, "flumbar", "a score (x)", "a`b", "مرض"])
    names = draw(st.lists(words, min_size=1, max_size=8, unique=True))
    made = [draw(st.one_of(numbers(name), coded(name))) for name in names]
    population = draw(st.sampled_from(["", "Women with gout.", "Children", "Men and women\nin X"]))
    return Description(
        text="",
        population=population,
        variables=tuple(variable for variable, _ in made),
        facts=tuple(fact for _, facts in made for fact in facts),
    )


@settings(max_examples=100)
@given(descriptions())
def test_every_description_becomes_patients(description: Description) -> None:
    spec = elicit(description).spec
    spec.validate()
    named = [v.name for v in description.variables]
    made = [v.name for v in spec.variables]
    assert made[: len(named)] == named
    assert made == named or names_nothing(description)
    assert all(v.basis for v in spec.variables)
    refused = ""
    try:
        assert len(sample(compile_cohort(spec), 50, seed=0)) == 50
    except SamplingError as error:
        refused = str(error)
    assert not refused or "beyond 2^53" in refused  # quartiles such as 1.5, 67, 2910 of an integer


# --- what the catalogue knows

CATALOGUE = catalogue()


@st.composite
def cohorts(draw: st.DrawFn) -> Description:
    """Some variables of the catalogue in patients with up to three of its conditions."""
    conditions = draw(
        st.lists(st.sampled_from(sorted(CATALOGUE.conditions)), max_size=3, unique=True)
    )
    names = draw(
        st.lists(st.sampled_from(sorted(CATALOGUE.entries)), min_size=3, max_size=25, unique=True)
    )
    entries = [CATALOGUE.entries[name] for name in names]
    labels = " and ".join(CATALOGUE.conditions[name].label for name in conditions)
    people = draw(st.sampled_from(["Patients", "Children", "Women", "Men"]))
    text = f"{people} with {labels}, seen in 2004." if labels else f"{people}."
    return Description(
        text,
        population=text,
        variables=tuple(DescribedVariable(e.name, e.label, unit=e.unit) for e in entries),
        listed=tuple(names),
    )


@settings(max_examples=25)
@given(cohorts())
def test_any_variables_of_the_catalogue_in_any_of_its_patients(description: Description) -> None:
    spec = elicit(description).spec
    spec.validate()
    assert [v.name for v in spec.variables] == [v.name for v in description.variables]
    assert all(v.basis and v.provenance for v in spec.variables)
    assert all(p.basis and p.provenance for p in spec.associations)
    pairs = [frozenset((pair.a, pair.b)) for pair in spec.associations]
    assert len(pairs) == len(set(pairs))
    patients = sample(compile_cohort(spec), 200, seed=0)
    assert len(patients) == 200
    for name in map(str, patients):
        found = CATALOGUE.entries[name]
        drawn = patients[name].dropna()
        if found.codes:
            assert {x if isinstance(x, str) else f"{x:g}" for x in drawn} <= set(found.codes)
        else:
            low, high = possible(found, spec.variable(name).marginal)
            assert drawn.between(low, high).all(), name


def possible(found: Entry, marginal: Marginal) -> tuple[float, float]:
    """Return the values that an entry may have, or children by figures of their own."""
    if isinstance(marginal, Formula | Identifier):
        return -inf, inf
    assert found.bounds is not None
    cells = simple(marginal)
    own = [cell.high for cell in cells if isinstance(cell, MeanSD | MedianIQR) and cell.high]
    return min(0.0, found.bounds[0]), max(found.bounds[1], *own, 0.0)
