"""Whatever is described without contradiction becomes a valid specification with patients."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from synth_magic.catalogue.load import catalogue
from synth_magic.description.model import Code, DescribedVariable, Description
from synth_magic.engines.offline.elicit import elicit
from synth_magic.errors import SamplingError
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec.model import Fact

KNOWN = [name for entry in catalogue().entries.values() for name in (entry.name, entry.label)]
UNITS = ["", "", "kg", "lb", "mmol/mol", "umol/L", "%", "years", "mmHg", "flumbars"]
CODES = [("no", "yes"), ("0", "1"), ("1", "2"), ("female", "male"), ("M", "F"), ("I", "II", "III"),
         ("never", "former", "current"), ("<b>", "µ"), ("one",)]  # fmt: skip
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
    type_ = draw(st.sampled_from([None, None, "continuous", "integer"]))
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
    type_ = draw(st.sampled_from([None, "binary", "categorical", "ordinal"]))
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


@settings(max_examples=150)
@given(descriptions())
def test_every_description_becomes_patients(description: Description) -> None:
    spec = elicit(description).spec
    spec.validate()
    named = [v.name for v in description.variables]
    made = [v.name for v in spec.variables]
    assert made == named or (named == ["age"] and made[0] == "age")
    assert all(v.basis for v in spec.variables)
    refused = ""
    try:
        assert len(sample(compile_cohort(spec), 50, seed=0)) == 50
    except SamplingError as error:
        refused = str(error)
    assert not refused or "beyond 2^53" in refused  # quartiles such as 1.5, 67, 2910 of an integer
