"""A specification for reading: its variables in a clinician's words, and what ties them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import isfinite

from synth_magic.notebook.pages.html import brief, folded, points, said, table
from synth_magic.notebook.words import counted, plain_number, short
from synth_magic.spec import (
    Association,
    By,
    CohortSpec,
    Formula,
    Identifier,
    MeanSD,
    MissingGroup,
    Quantiles,
    Shares,
    Variable,
)
from synth_magic.spec.edits import told
from synth_magic.spec.model import SimpleMarginal
from synth_magic.spec.spike_rules import bounds
from synth_magic.spec.text import figure

_HEADS = ("Variable", "Type", "Distribution", "Missing", "Rests on")
_CODES = 8
_CELLS = 6
_WORDS = 240
_LETTERS = 1000


def variables(spec: CohortSpec, seen: Sequence[Variable]) -> str:
    """Return the variables of a page, one a row."""
    return table("sp-rests sp-variables", _HEADS, ([*_row(spec, v)] for v in seen))


def relations(spec: CohortSpec) -> str:
    """Return what holds between variables and what was stated, each part folded."""
    return "".join(
        folded(f"{heading} ({len(lines):,})", points(lines))
        for heading, lines in (
            ("Correlations", [_pair(a) for a in spec.associations]),
            ("Values that are missing together", [_group(g) for g in spec.missing_groups]),
            ("Rules", [_reasoned(rule.expression, rule.reason) for rule in spec.rules]),
            ("Stated figures", [f"{told(fact)}: “{fact.quote}”" for fact in spec.facts]),
        )
        if lines
    )


def _row(spec: CohortSpec, variable: Variable) -> Iterator[str]:
    known = variable.name.replace("_", " ").casefold()
    says_more = variable.label.casefold() not in ("", known)
    label = f"<br><small>{brief(variable.label)}</small>" if says_more else ""
    hidden = "<br><small>not shown</small>" if variable.hidden else ""
    yield f"<strong>{brief(variable.name)}</strong>{label}{hidden}"
    unit = f", {brief(variable.unit)}" if variable.unit else ""
    yield f"{variable.type}{unit}"
    yield said(short(distribution(variable), _LETTERS))
    yield said(", ".join(_missing(spec, variable)) or "–")
    sure = f", {variable.certainty} certainty" if variable.certainty else ""
    basis = f"<br><small>{brief(variable.basis, _WORDS)}</small>" if variable.basis else ""
    yield f"{variable.provenance}{sure}{basis}"


def distribution(variable: Variable) -> str:
    """Return the distribution of a variable in words: `median 62 (55–71), 40 to 85`."""
    marginal = variable.marginal
    if isinstance(marginal, Formula):
        return f"computed: {marginal.expression}"
    if isinstance(marginal, Identifier):
        return f"numbered: {marginal.pattern}"
    if isinstance(marginal, By):
        cells = [
            f"{', '.join(cell.levels)}: {_simple(variable, cell.marginal)}"
            for cell in marginal.cells[:_CELLS]
        ]
        more = len(marginal.cells) - _CELLS
        rest = [f"and {counted(more, 'group')} more"] if more > 0 else []
        words = f"by {' and '.join(marginal.parents)}: {'; '.join([*cells, *rest])}"
    else:
        words = _simple(variable, marginal)
    return "; ".join([words, *_recorded(variable)])


def _simple(variable: Variable, marginal: SimpleMarginal) -> str:
    if isinstance(marginal, Shares):
        named = [f"{share.code} {_percent(share.share)}" for share in marginal.shares[:_CODES]]
        more = len(marginal.shares) - _CODES
        return ", ".join([*named, *([f"and {counted(more, 'code')} more"] if more > 0 else [])])

    def said_of(value: float) -> str:
        return _value(variable, value)

    if isinstance(marginal, MeanSD):
        days = " days" if variable.type == "date" else ""
        centre = f"mean {said_of(marginal.mean)} (SD {plain_number(marginal.sd)}{days})"
    else:
        centre = f"median {said_of(marginal.p50)} ({said_of(marginal.p25)}–{said_of(marginal.p75)})"
    low, high = bounds(marginal)
    ends = ""
    if isfinite(low) and isfinite(high):
        ends = f"{said_of(low)} to {said_of(high)}"
    elif isfinite(low):
        ends = f"from {said_of(low)}"
    elif isfinite(high):
        ends = f"up to {said_of(high)}"
    tails = ""
    if isinstance(marginal, Quantiles):
        tails = f"5th to 95th percentile {said_of(marginal.p05)}–{said_of(marginal.p95)}"
    return ", ".join(filter(None, [centre, tails, ends]))


def _recorded(variable: Variable) -> Iterator[str]:
    for spike in variable.spikes:
        yield f"exactly {_value(variable, spike.value)} in {_percent(spike.share)}"
    if preference := variable.digit_preference:
        nearest = figure(preference.nearest)
        yield f"{_percent(preference.share)} recorded to the nearest {nearest}"


def _missing(spec: CohortSpec, variable: Variable) -> Iterator[str]:
    if variable.missing:
        yield _percent(variable.missing)
    for group in spec.missing_groups:
        if variable.name in group.variables:
            when = f" when {group.only_when}" if group.only_when else ""
            yield f"{_percent(group.fraction)} with {group.name}{when}"


def _pair(pair: Association) -> str:
    rests = "; ".join(filter(None, [pair.provenance, pair.basis]))
    return f"{pair.a} with {pair.b}: Spearman {figure(pair.spearman)} ({rests})"


def _group(group: MissingGroup) -> str:
    when = f" of the patients with {group.only_when}" if group.only_when else ""
    return f"{group.name}: {', '.join(group.variables)}, in {_percent(group.fraction)}{when}"


def _reasoned(expression: str, reason: str) -> str:
    return f"{expression}: {reason}" if reason else expression


def _percent(share: float) -> str:
    return f"{plain_number(100 * share)}%"


def _value(variable: Variable, value: float) -> str:
    if variable.type == "date":
        origin = date.fromisoformat(variable.unit.rpartition(" ")[2])
        try:
            return (origin + timedelta(days=round(value))).isoformat()
        except OverflowError:
            return f"day {plain_number(value)}"
    decimals = variable.decimals if variable.type == "continuous" else 0
    return figure(round(value, decimals + 1))
