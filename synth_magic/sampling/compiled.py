"""Compile a specification once, sample it many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synth_magic.errors import SpecificationError
from synth_magic.sampling import latent
from synth_magic.sampling.columns import Column, FormulaColumn
from synth_magic.sampling.dependence import Dependence, dependence, first_latents
from synth_magic.sampling.facts import honour
from synth_magic.sampling.grid import Floats, score
from synth_magic.sampling.marginals import build_column, share_edges
from synth_magic.sampling.missingness import Group, Missingness
from synth_magic.sampling.patients import cholesky
from synth_magic.sampling.pilot import Pilot
from synth_magic.sampling.recording import Pieces, Recorded
from synth_magic.sampling.structure import computing_order, needs
from synth_magic.sampling.trial import try_out
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.expressions import Expression
from synth_magic.spec.model import By, Formula, Rule, Share, Shares
from synth_magic.spec.validation import meaning_violations

_VISIBLE = 0.01
_LISTED = 3


@dataclass(frozen=True, slots=True)
class Target:
    """A stated Spearman correlation and the one that the compiled cohort has."""

    a: str
    b: str
    stated: float
    compiled: float


@dataclass(frozen=True, slots=True)
class CompiledCohort:
    """What sampling needs. `spec` has its facts honoured; `notes` say what had to give."""

    spec: CohortSpec
    latents: tuple[str, ...]
    factor: Floats
    columns: tuple[Column, ...]
    missingness: Missingness
    rules: tuple[tuple[Rule, Expression], ...]
    targets: tuple[Target, ...]
    notes: tuple[str, ...]


def compile_cohort(spec: CohortSpec) -> CompiledCohort:
    """Compile a specification.

    Raises SpecificationError for one that means nothing, SamplingError for one that no distribution
    can meet, and RuleError for a rule that most patients break. What is out of reach and can be
    approached is approached and noted.
    """
    if violations := meaning_violations(spec):
        raise SpecificationError(violations)
    spec = honour(spec)
    columns, notes = [], []
    for variable in computing_order(spec):
        column, said = build_column(variable, spec)
        columns.append(column)
        notes += said
    groups = [_group(g.name, g.variables, g.fraction, g.only_when) for g in spec.missing_groups]
    pairs = dependence(spec)
    coefficients = _coefficients(pairs, columns, groups)
    latents, reached = first_latents(pairs, coefficients)
    products = latent.pair_products(coefficients, pairs.pairs)
    if _needs_pilot(spec, pairs):
        settled = Pilot(pairs, columns, groups).calibrate(latents, products)
        columns, groups = list(settled.columns), list(settled.groups)
        matrix, moved, reached = settled.matrix, settled.moved, settled.spearman
        by_groups = settled.missing_by_groups
    else:
        completed = pairs.complete(latents)
        matrix, moved = completed.matrix, completed.moved
        if moved:
            reached = latent.spearman(pairs.at_pairs(matrix), products)
        by_groups = {name: group.fraction for group in groups for name in group.variables}
    targets = tuple(
        Target(a.a, a.b, a.spearman, float(value))
        for a, value in zip(pairs.imposed, reached, strict=True)
    )
    factor = cholesky(matrix)
    rules = tuple((rule, Expression.parse(rule.expression)) for rule in spec.rules)
    notes += _unreached(targets, moved=moved)
    notes += try_out(columns, pairs.names, factor, rules, groups)
    return CompiledCohort(
        spec,
        pairs.names,
        factor,
        tuple(columns),
        Missingness(tuple(groups), _alone(spec, by_groups), _inputs(spec)),
        rules,
        targets,
        tuple(notes),
    )


def _group(name: str, variables: tuple[str, ...], fraction: float, only_when: str) -> Group:
    condition = Expression.parse(only_when) if only_when else None
    return Group(name, variables, fraction, float(score(1 - fraction)), condition)


def _coefficients(pairs: Dependence, columns: Sequence[Column], groups: Sequence[Group]) -> Floats:
    """Return the grade coefficients of each latent; for a `by`, the mean of its cells'."""
    found: dict[str, Floats] = {}
    for column in columns:
        if not isinstance(column, FormulaColumn):
            cells = [latent.grade_coefficients(cell) for cell in column.recorded]
            found[column.name] = np.mean(cells, axis=0)
    for group in groups:
        shares = Shares((Share("present", 1 - group.fraction), Share("missing", group.fraction)))
        step = Recorded.of((1.0, Pieces(share_edges(shares), np.array([0.0, 1.0]))))
        found[group.name] = latent.grade_coefficients(step)
    return np.array([found[name] for name in pairs.names])


def _needs_pilot(spec: CohortSpec, pairs: Dependence) -> bool:
    """Whether something has no closed form.

    The score of a `by` variable goes with distant parents only if a pair of it is imposed.
    """
    imposed = {name for a in pairs.imposed for name in (a.a, a.b)}
    differing = {v.name for v in spec.variables if isinstance(v.marginal, By)}
    members = [name for group in spec.missing_groups for name in group.variables]
    return (
        bool(imposed & differing)
        or any(group.only_when or group.name in imposed for group in spec.missing_groups)
        or len(members) != len(set(members))
    )


def _alone(spec: CohortSpec, by_groups: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each variable that is missing for reasons of its own."""
    alone = {}
    for variable in spec.variables:
        grouped = by_groups.get(variable.name, 0.0)
        if variable.missing > grouped + 1e-3 or (variable.missing and not grouped):
            alone[variable.name] = 1 - (1 - variable.missing) / (1 - grouped)
    return alone


def _inputs(spec: CohortSpec) -> dict[str, tuple[str, ...]]:
    """Return what each formula is computed from, in computing order."""
    return {v.name: needs(v) for v in computing_order(spec) if isinstance(v.marginal, Formula)}


def _unreached(targets: Sequence[Target], *, moved: bool) -> list[str]:
    """Return notes on correlations that cannot be had: the furthest, and how many more."""
    why = "beside the other correlations" if moved else "with these marginals"
    missed = [target for target in targets if _miss(target) > _VISIBLE]
    missed.sort(key=_miss, reverse=True)
    listed = missed if len(missed) <= _LISTED + 1 else missed[:_LISTED]
    notes = [
        f"{t.a} - {t.b}: Spearman {t.stated:.2f} cannot be had {why}; it is {t.compiled:.2f}"
        for t in listed
    ]
    rest = missed[len(listed) :]
    if rest:
        notes.append(f"{len(rest)} more correlations are off by at most {_miss(rest[0]):.2f}")
    return notes


def _miss(target: Target) -> float:
    return abs(target.stated - target.compiled)
