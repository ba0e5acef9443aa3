"""Random specifications that are valid and feasible: every marginal kind, and all that joins them.

Figures keep a distance from what rounding, spikes and digit preference could make impossible, and
correlations are mild enough for any pair of marginals drawn here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, product

from hypothesis import strategies as st

from synth_magic.spec import (
    Association,
    By,
    Cell,
    CohortSpec,
    DigitPreference,
    Fact,
    Formula,
    Identifier,
    MeanSD,
    MedianIQR,
    MissingGroup,
    Quantiles,
    Rule,
    Share,
    Shares,
    Spike,
    Variable,
    Within,
)
from synth_magic.spec.model import CODED_TYPES, VariableType
from synth_magic.spec.validation import is_nominal

Numeric = Quantiles | MeanSD | MedianIQR

CODES: dict[VariableType, list[tuple[str, ...]]] = {
    "binary": [("no", "yes"), ("0", "1"), ("female", "male")],
    "ordinal": [("I", "II", "III", "IV"), ("1", "2", "3"), ("<40", "40-65", ">65")],
    "categorical": [("A", "B", "AB", "0"), ("north", "south", "il y a d'autres")],
}


def names() -> st.SearchStrategy[str]:
    """Column names, plain and odd: spaces, quotes, markup, other scripts, Python's own words."""
    plain = ["age", "sex", "bmi", "sbp", "hba1c", "egfr", "smoker", "ldl", "stage", "region"]
    odd = ["HbA1c (%)", "µg/l", "عمر", 'a "b"', "it's", "<b>x</b>", "x`y", "if", "min", "é 年齢"]
    return st.sampled_from(plain + odd)


@st.composite
def quantiles(draw: st.DrawFn, decimals: int = 0) -> Quantiles:
    """Rising percentiles, far enough apart for five units of digit preference."""
    tail, body = st.integers(4, 60), st.integers(10, 60)
    gaps = [draw(step) for step in (tail, tail, tail, body, body, tail, tail, tail)]
    values = [draw(st.integers(-100, 500))]
    for gap in gaps:
        values.append(values[-1] + gap)
    return Quantiles(*(round(value * 10.0**-decimals, decimals) for value in values))


@st.composite
def mean_sds(draw: st.DrawFn, decimals: int = 0) -> MeanSD:
    """A mean and SD that every choice of bounds allows."""
    unit = 10.0**-decimals
    mean, sd = draw(st.integers(-100, 500)) * unit, draw(st.integers(8, 60)) * unit
    below = draw(st.none() | st.floats(1.3, 4.0))
    above = draw(st.none() | st.floats(1.3, 4.0))
    return MeanSD(
        round(mean, decimals),
        round(sd, decimals),
        None if below is None else round(mean - below * sd, decimals),
        None if above is None else round(mean + above * sd, decimals),
    )


@st.composite
def median_iqrs(draw: st.DrawFn, decimals: int = 0) -> MedianIQR:
    """Quartiles of any mild skew, with and without bounds."""
    unit = 10.0**-decimals
    p25 = draw(st.integers(-100, 500))
    p50 = p25 + draw(st.integers(10, 40))
    p75 = p50 + draw(st.integers(10, 40))
    low = draw(st.none() | st.integers(30, 150))
    high = draw(st.none() | st.integers(30, 150))
    return MedianIQR(
        *(round(value * unit, decimals) for value in (p25, p50, p75)),
        None if low is None else round((p25 - low) * unit, decimals),
        None if high is None else round((p75 + high) * unit, decimals),
    )


NUMERIC_KINDS: tuple[Callable[[int], st.SearchStrategy[Numeric]], ...] = (
    quantiles,
    mean_sds,
    median_iqrs,
)


def numeric_marginals(decimals: int = 0) -> st.SearchStrategy[Numeric]:
    """A marginal of a number recorded with so many decimals."""
    return st.one_of([kind(decimals) for kind in NUMERIC_KINDS])


@st.composite
def shares(draw: st.DrawFn, codes: tuple[str, ...]) -> Shares:
    """Shares of these codes, none of them rare."""
    weights = [draw(st.integers(3, 10)) for _ in codes]
    return Shares(
        tuple(Share(code, w / sum(weights)) for code, w in zip(codes, weights, strict=True))
    )


@st.composite
def spikes(draw: st.DrawFn, marginal: Numeric) -> tuple[Spike, ...]:
    """One spike that the figures of the marginal leave room for."""
    if isinstance(marginal, MeanSD):
        at_low = marginal.low is not None and draw(st.booleans())
        value = marginal.low if at_low else marginal.mean
        assert value is not None
        return (Spike(value, draw(st.sampled_from([0.01, 0.05]))),)
    return (Spike(marginal.p50, draw(st.sampled_from([0.02, 0.1, 0.2]))),)


@st.composite
def numeric_variables(draw: st.DrawFn, name: str) -> Variable:
    """A sampled number, some with a spike or a digit preference."""
    decimals = draw(st.integers(0, 2))
    marginal = draw(numeric_marginals(decimals))
    variable = Variable(
        name, "continuous" if decimals else "integer", marginal, decimals=decimals, unit="mg/dl"
    )
    extra = draw(st.sampled_from(["none", "spike", "digits"]))
    if extra == "spike":
        return replace(variable, spikes=draw(spikes(marginal)))
    if extra == "digits":
        nearest = round(5 * 10.0**-decimals, decimals)
        return replace(variable, digit_preference=DigitPreference(nearest, 0.25))
    return variable


@st.composite
def coded_variables(draw: st.DrawFn, name: str) -> Variable:
    """A binary, ordinal or categorical variable."""
    kind = draw(st.sampled_from(sorted(CODES)))
    return Variable(name, kind, draw(shares(draw(st.sampled_from(CODES[kind])))))


@st.composite
def date_variables(draw: st.DrawFn, name: str) -> Variable:
    """A date, its figures in days since an origin."""
    return Variable(name, "date", draw(numeric_marginals()), unit="days since 2015-04-01")


@st.composite
def by_variables(draw: st.DrawFn, name: str, parents: list[Variable]) -> Variable:
    """A number or coded variable that differs by one or two of the parents."""
    chosen = draw(st.lists(st.sampled_from(parents), min_size=1, max_size=2, unique_by=_name))
    levels = list(product(*(_levels(parent) for parent in chosen)))
    if draw(st.booleans()):
        codes = draw(st.sampled_from(CODES["ordinal"]))
        kind: VariableType = "ordinal"
        marginals = [draw(shares(codes)) for _ in levels]
    else:
        kind = "continuous"
        one_kind = draw(st.sampled_from(NUMERIC_KINDS))(1)
        marginals = [draw(one_kind) for _ in levels]
    cells = tuple(Cell(level, own) for level, own in zip(levels, marginals, strict=True))
    marginal = By(tuple(parent.name for parent in chosen), cells)
    return Variable(name, kind, marginal, decimals=1 if kind == "continuous" else 0)


@st.composite
def formula_variables(draw: st.DrawFn, name: str, inputs: list[Variable]) -> Variable:
    """A number or a code computed from another variable."""
    source = draw(st.sampled_from(inputs))
    if draw(st.booleans()):
        expression = f"'high' if {condition(source)} else 'low'"
        return Variable(name, "binary", Formula(expression, ("low", "high")))
    if source.type in CODED_TYPES:
        expression = f"10 if {condition(source)} else 20"
    else:
        expression = f"max({quoted(source)} / 2, {centre(source)}) + 1"
    return Variable(name, "continuous", Formula(expression), decimals=2)


@st.composite
def cohort_specs(draw: st.DrawFn, with_facts: bool = False) -> CohortSpec:
    """A whole specification of three to seven variables; facts, if wanted, need not be met."""
    own = draw(st.lists(names(), min_size=3, max_size=7, unique=True))
    variables = [draw(numeric_variables(own[0])), draw(coded_variables(own[1]))]
    for name in own[2:]:
        simple = [each for each in variables if not isinstance(each.marginal, Formula | By)]
        inputs = [each for each in simple if each.type != "identifier"]
        parents = [each for each in inputs if each.type != "date"]
        variable = draw(
            st.one_of(
                numeric_variables(name),
                coded_variables(name),
                by_variables(name, parents),
                by_variables(name, parents),
                formula_variables(name, inputs),
                date_variables(name),
                st.just(Variable(name, "identifier", Identifier("P-####"))),
            )
        )
        hidden = variable.type != "identifier" and draw(st.sampled_from([False, False, True]))
        variables.append(replace(variable, hidden=hidden))
    sampled = [each for each in variables if not isinstance(each.marginal, Formula | Identifier)]
    gaps = {each.name: draw(st.sampled_from([0.0, 0.0, 0.1])) for each in sampled}
    groups = draw(missing_groups(sampled, variables[:2]))
    for group in groups:
        gaps |= {member: max(gaps[member], group.fraction) for member in group.variables}
    rule = Rule(f"not ({condition(variables[1])}) or {condition(variables[1])}", "always holds")
    return CohortSpec(
        title=draw(st.text(st.characters(codec="utf-8"), max_size=20)),
        population="adults",
        variables=tuple(replace(each, missing=gaps.get(each.name, 0.0)) for each in variables),
        associations=draw(associations(sampled, groups)),
        missing_groups=groups,
        rules=draw(st.sampled_from([(), (rule,)])),
        facts=(*_facts(variables[0], variables[1]),) if with_facts else (),
        draw_order=tuple(draw(st.permutations(own))[: draw(st.integers(0, len(own)))]),
        version=draw(st.integers(1, 9)),
    )


@st.composite
def missing_groups(
    draw: st.DrawFn, members: list[Variable], deciders: list[Variable]
) -> tuple[MissingGroup, ...]:
    """No or one missing group, for all patients or for those that a condition selects."""
    chosen = draw(st.lists(st.sampled_from(members), max_size=2, unique_by=_name))
    if not chosen:
        return ()
    only_when = draw(st.sampled_from(["", *(condition(decider) for decider in deciders)]))
    fraction = draw(st.sampled_from([0.15, 0.3]))
    return (MissingGroup("blood test", tuple(map(_name, chosen)), fraction, only_when),)


@st.composite
def associations(
    draw: st.DrawFn, variables: list[Variable], groups: tuple[MissingGroup, ...]
) -> tuple[Association, ...]:
    """Mild correlations in a chain, so that they can hold together; none with a parent."""
    ranked = [
        each.name
        for each in variables
        if not is_nominal(each) and not isinstance(each.marginal, By)
    ]
    chain = draw(st.permutations([*ranked, *(group.name for group in groups)]))
    spearman = st.sampled_from([-0.15, -0.1, 0.1, 0.2])
    return tuple(Association(a, b, draw(spearman)) for a, b in pairwise(chain))


def quoted(variable: Variable) -> str:
    """A variable's name as expressions take it."""
    return "`" + variable.name.replace("`", "``") + "`"


def condition(variable: Variable) -> str:
    """A condition that about half of the patients meet."""
    if variable.type in CODED_TYPES:
        return f'{quoted(variable)} == "{variable.codes[0]}"'
    return f"{quoted(variable)} > {centre(variable)}"


def centre(variable: Variable) -> float:
    """The median, or the mean where no median is stated."""
    marginal = variable.marginal
    assert isinstance(marginal, Quantiles | MeanSD | MedianIQR)
    return marginal.mean if isinstance(marginal, MeanSD) else marginal.p50


def _levels(parent: Variable) -> tuple[str, ...]:
    if parent.type in CODED_TYPES:
        return parent.codes
    return f"<{centre(parent)}", f">={centre(parent)}"


def _name(variable: Variable) -> str:
    return variable.name


def _facts(number: Variable, coded: Variable) -> list[Fact]:
    code = coded.codes[0]
    return [
        Fact(f"mean {number.name}\n", number.name, "mean", centre(number), start=3),
        Fact("half", coded.name, "share", 0.5, code=code),
        Fact("in them", number.name, "p50", centre(number), within=Within(coded.name, code)),
        Fact("10% unknown", coded.name, "missing", 0.1),
    ]
