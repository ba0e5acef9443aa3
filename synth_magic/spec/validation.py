"""What must hold for a whole specification. One small function a rule; all violations at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from synth_magic.errors import SpecificationError, Violation, did_you_mean
from synth_magic.spec.by_rules import by_faults, circle_faults
from synth_magic.spec.expression_rules import Names, condition_faults, formula_faults
from synth_magic.spec.faults import Fault, name_faults, repeats, share_faults
from synth_magic.spec.intervals import parse_interval
from synth_magic.spec.marginal_rules import LARGEST, marginal_faults
from synth_magic.spec.model import (
    CODED_TYPES,
    NUMERIC_TYPES,
    STATISTICS,
    Association,
    Fact,
    MissingGroup,
    Variable,
    Within,
)
from synth_magic.spec.spike_rules import recording_faults
from synth_magic.spec.text import figure, listed, located, shown

if TYPE_CHECKING:
    from synth_magic.spec.cohort import CohortSpec

MAX_VARIABLES = 10_000
MAX_DECIMALS = 12
ORIGIN = "days since "
_NOMINAL_CODES = 2


def meaning_violations(spec: CohortSpec) -> tuple[Violation, ...]:
    """Return everything that a specification of the right structure says wrongly."""
    variables = {variable.name: variable for variable in spec.variables}
    names = Names(variables, frozenset(group.name for group in spec.missing_groups))
    place = {variable.name: index for index, variable in enumerate(spec.variables)}
    parts = [
        _located("", "", _whole_faults(spec)),
        *(
            _located(f"variables[{index}]", variable.name, _variable_faults(variable, names))
            for index, variable in enumerate(spec.variables)
        ),
        *(
            _located(f"variables[{place[name]}]", name, [fault])
            for name, fault in circle_faults(variables)
        ),
        *(
            _located(f"associations[{index}]", f"{pair.a} - {pair.b}", _pair_faults(pair, names))
            for index, pair in enumerate(spec.associations)
        ),
        *(
            _located(f"missing_groups[{index}]", group.name, _group_faults(group, names))
            for index, group in enumerate(spec.missing_groups)
        ),
        *(
            _located(f"rules[{index}]", "", condition_faults("expression", rule.expression, names))
            for index, rule in enumerate(spec.rules)
        ),
        *(
            _located(f"facts[{index}]", fact.variable, _fact_faults(fact, names))
            for index, fact in enumerate(spec.facts)
        ),
    ]
    return tuple(chain.from_iterable(parts))


def is_nominal(variable: Variable) -> bool:
    """Whether a variable's codes have no order, so that no rank correlation can be stated."""
    return variable.type == "categorical" and len(variable.codes) > _NOMINAL_CODES


def _located(path: str, name: str, faults: Iterable[Fault]) -> Iterator[Violation]:
    for below, found, allowed in faults:
        whole = ".".join(part for part in (path, below) if part)
        yield Violation(located(whole, name), found, allowed)


def _whole_faults(spec: CohortSpec) -> Iterator[Fault]:
    names = [variable.name for variable in spec.variables]
    groups = [group.name for group in spec.missing_groups]
    if all(variable.hidden for variable in spec.variables):
        yield "variables", "there is no variable to show", "at least one is not hidden"
    if len(names) > MAX_VARIABLES:
        yield "variables", f"there are {len(names):,}", f"at most {MAX_VARIABLES:,} are allowed"
    if spec.version < 1:
        yield "version", f"it is {spec.version}", "versions count from 1"
    for place in repeats(names):
        found = f"another variable has the name {shown(names[place])}"
        yield f"variables[{place}].name", found, "names are unique"
    for place in repeats(names + groups):
        if place >= len(names):
            found = f"a variable or another group has the name {shown(groups[place - len(names)])}"
            yield f"missing_groups[{place - len(names)}].name", found, "names are unique"
    for place in repeats(frozenset((pair.a, pair.b)) for pair in spec.associations):
        pair = spec.associations[place]
        found = f"the pair {shown(pair.a)} and {shown(pair.b)} stands twice"
        yield f"associations[{place}]", found, "state each pair once"
    for place in repeats(spec.draw_order):
        found = f"{shown(spec.draw_order[place])} stands twice"
        yield f"draw_order[{place}]", found, "list each name once"
    known = {*names, *groups}
    for place, name in enumerate(spec.draw_order):
        if name not in known:
            found = f"{shown(name)} is no variable and no missing group"
            allowed = f"list names of this specification{did_you_mean(name, known)}"
            yield f"draw_order[{place}]", found, allowed


def _variable_faults(variable: Variable, names: Names) -> Iterator[Fault]:
    yield from name_faults("name", variable.name)
    if not 0 <= variable.decimals <= MAX_DECIMALS:
        yield "decimals", f"there are {variable.decimals}", f"0 to {MAX_DECIMALS} are allowed"
    yield from share_faults("missing", variable.missing)
    if variable.type == "identifier" and variable.hidden:
        yield "hidden", "an identifier is hidden", "leave it out, or show it"
    if variable.type == "date" and not _has_origin(variable.unit):
        yield "unit", f"the unit is {shown(variable.unit)}", f"a date takes {ORIGIN}YYYY-MM-DD"
    yield from marginal_faults(variable)
    yield from recording_faults(variable)
    yield from by_faults(variable, names)
    yield from formula_faults(variable, names)


def _has_origin(unit: str) -> bool:
    day = unit.removeprefix(ORIGIN)
    try:
        return unit != day and date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _pair_faults(pair: Association, names: Names) -> Iterator[Fault]:
    if pair.a == pair.b:
        yield "b", "a variable is paired with itself", "name another variable"
    for side, name in (("a", pair.a), ("b", pair.b)):
        if name not in names.groups:
            yield from _ranked_faults(side, name, names)
    if not -1 <= pair.spearman <= 1:
        yield "spearman", f"it is {figure(pair.spearman)}", "correlations are from -1 to 1"


def _ranked_faults(path: str, name: str, names: Names) -> Iterator[Fault]:
    """Yield a name that is no variable whose values have ranks."""
    yield from names.faults(path, name)
    if name in names.variables and is_nominal(names.variables[name]):
        found = f"the codes of {shown(name)} have no order"
        yield path, found, "a categorical variable takes none: make it ordinal, or use `by`"


def _group_faults(group: MissingGroup, names: Names) -> Iterator[Fault]:
    yield from name_faults("name", group.name)
    if not group.variables:
        yield "variables", "there is none", "name the variables that are missing together"
    for place in repeats(group.variables):
        yield f"variables[{place}]", f"{shown(group.variables[place])} stands twice", "name it once"
    for place, name in enumerate(group.variables):
        yield from names.faults(f"variables[{place}]", name)
    yield from share_faults("fraction", group.fraction)
    if group.only_when.strip():
        yield from condition_faults("only_when", group.only_when, names)


def _fact_faults(fact: Fact, names: Names) -> Iterator[Fault]:
    yield from _fact_value_faults(fact)
    variable = names.variables.get(fact.variable)
    if variable is None:
        yield from names.faults("variable", fact.variable)
        return
    if fact.statistic not in _statistics(variable):
        found = f"{fact.statistic} is no statistic of the type {variable.type}"
        yield "statistic", found, f"allowed are {', '.join(_statistics(variable))}"
    elif fact.statistic == "share" and fact.code not in variable.codes:
        yield "code", *_no_code(fact.code, variable)
    elif fact.statistic in ("spearman", "direction"):
        yield from _ranked_faults("variable", fact.variable, names)
        yield from _ranked_faults("other_variable", fact.other_variable, names)
        if fact.other_variable == fact.variable:
            yield "other_variable", "it is the variable itself", "name another variable"
    if fact.within:
        yield from _within_faults(fact.within, fact, names)


def _statistics(variable: Variable) -> tuple[str, ...]:
    if variable.type == "identifier":
        return ("missing",)
    own = tuple(name for name in STATISTICS if name != "share")
    if variable.type in CODED_TYPES:
        own = ("share", "missing", "spearman", "direction")
    return own


def _fact_value_faults(fact: Fact) -> Iterator[Fault]:
    ranges = {"share": (0.0, 1.0), "missing": (0.0, 1.0), "spearman": (-1.0, 1.0)}
    low, high = ranges.get(fact.statistic, (-LARGEST, LARGEST))
    value = f"the {fact.statistic} is {figure(fact.value)}"
    if not low <= fact.value <= high:
        yield "value", value, f"it lies within {figure(low)} to {figure(high)}"
    if fact.statistic == "sd" and fact.value < 0:
        yield "value", value, "it must not be negative"
    if fact.statistic == "direction" and fact.value not in (-1, 1):
        yield "value", value, "it is 1 (rises with the other variable) or -1 (falls with it)"


def _within_faults(within: Within, fact: Fact, names: Names) -> Iterator[Fault]:
    variable = names.variables.get(within.variable)
    yield from names.faults("within.variable", within.variable)
    if within.variable == fact.variable:
        yield "within.variable", "the group is defined by the variable itself", "name another"
    if variable is None:
        return
    if variable.type in CODED_TYPES and within.code not in variable.codes:
        yield "within.code", *_no_code(within.code, variable)
    elif variable.type in NUMERIC_TYPES:
        try:
            parse_interval(within.code)
        except SpecificationError as err:
            for violation in err.violations:
                yield "within.code", f"{violation.path}: {violation.found}", violation.allowed


def _no_code(code: str, variable: Variable) -> tuple[str, str]:
    allowed = f"the codes are {listed(variable.codes)}{did_you_mean(code, variable.codes)}"
    return f"{shown(code)} is no code of {shown(variable.name)}", allowed
