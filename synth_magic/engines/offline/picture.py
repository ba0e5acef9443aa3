"""What the catalogue expects of patients: marginals, and how they hang together.

In two steps. All adults become the patients of the setting: what the catalogue knows of such
patients replaces what it knows of all adults, and the rest follows by its correlations. Then those
become the patients of the description: what is stated is given, and the rest follows again. So
patients of 80 have the blood pressure of their age, and those with a BMI of 45 the waist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from synth_magic.catalogue.entries import CatalogueAssociation, Condition, Entry, Figures
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.relations import general_kinds
from synth_magic.engines.offline import curves, eras
from synth_magic.engines.offline.ages import of_all_ages
from synth_magic.engines.offline.curves import Marginal
from synth_magic.engines.offline.figures import absolute, changed, inverse
from synth_magic.engines.offline.places import PLACES, names_of
from synth_magic.engines.offline.selection import select
from synth_magic.engines.offline.setting import Setting
from synth_magic.sampling.grid import Floats
from synth_magic.sampling.transfer import behind, given_by
from synth_magic.spec.model import Provenance, Share, Shares

_STAYS = 0.05
"""Means and SDs of normal scores that move by less leave a marginal as the catalogue has it."""

_GROWN_OLD = 45.0
"""Diseases of younger patients come at their age everywhere: no region changes it."""

_EUROPE = "western_europe"
_FOLLOWS = "carried over to these patients by its correlations"
_TELLING = 0.2
"""A correlation from which what is known of one variable tells something of the other."""

_DEFINING = frozenset({"disease", "procedure"})


@dataclass(frozen=True, slots=True)
class KnownMarginal:
    """The marginal of an entry, in its own unit and codes, and what it rests on.

    `is_settled` if all patients have the same code, as the disease says that they are chosen by.
    """

    marginal: Marginal
    provenance: Provenance
    basis: str
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of some entries: marginals by name, and latent correlations (p, p) of `names`.

    `pairs` holds the catalogue's statement behind each correlation that it states.
    """

    known: Mapping[str, KnownMarginal]
    names: tuple[str, ...]
    correlations: Floats
    pairs: Mapping[frozenset[str], CatalogueAssociation]

    def given(self, stated: Mapping[str, tuple[float, float]]) -> Picture:
        """Return the picture of the patients in whom entries are as stated.

        `stated` holds the mean and variance of their normal scores in the patients so far.
        """
        at = {name: place for place, name in enumerate(self.names)}
        chosen = [name for name in stated if name in at]
        places = np.array([at[name] for name in chosen], dtype=int)
        means, variances = (np.array([stated[name][i] for name in chosen]) for i in (0, 1))
        after = select(self.correlations, places, means, variances)
        known = dict(self.known)
        for name, item in self.known.items():
            shift, scale = after.means[at[name]], after.sds[at[name]]
            if name not in stated and max(abs(shift), abs(scale - 1)) > _STAYS:
                marginal = curves.moved(item.marginal, float(shift), float(scale))
                known[name] = replace(item, marginal=marginal, basis=f"{item.basis}; {_FOLLOWS}")
        return replace(self, known=known, correlations=after.correlations)

    def spearman(self, a: str, b: str, of_a: Marginal, of_b: Marginal) -> float:
        """Return the Spearman correlation of two entries with these marginals."""
        return float(given_by([self.latent(a, b)], [(of_a, of_b)])[0])

    def latent(self, a: str, b: str) -> float:
        """Return the correlation of the normal scores of two entries; 0 where none is known."""
        return float(self.correlations[self.names.index(a), self.names.index(b)])


def picture(wanted: Collection[str], setting: Setting) -> Picture:
    """Return what the catalogue knows of the entries with these names in patients of a setting."""
    store = catalogue()
    lines = _figures_by_variable(setting)
    within = _within(setting)
    settled = {*lines, *(name for c in _with_general_kinds(setting) for name in c.has)}
    found = store.associations.among(frozenset(settled.union(wanted)))
    pairs = {frozenset((pair.a, pair.b)): pair for pair in found}
    pairs.update(within)
    names = _names(wanted, settled, pairs)
    before = {name: _of_everybody(store.entries[name], setting) for name in names}
    of_setting = {name: _of_setting(name, before[name], lines, setting) for name in names}
    replaced = {name: item for name, item in of_setting.items() if item is not None}
    general = {pair: item for pair, item in pairs.items() if pair <= set(names)}
    base = {name: item.marginal for name, item in before.items()}
    all_adults = Picture(before, names, _latent(names, general, base), general)
    places = {name: curves.place(item.marginal, base[name]) for name, item in replaced.items()}
    moved = all_adults.given(places)
    defining = {"age", "sex", *(name for c in _with_general_kinds(setting) for name in c.has)}
    among = all_adults.given({name: at for name, at in places.items() if name in defining})
    known = {**moved.known, **replaced}
    if setting.children:
        known = {name: item for name, item in known.items() if _is_of_children(name, replaced)}
    correlations = among.correlations.copy()
    own = {pair: item for pair, item in within.items() if pair <= known.keys()}
    seen = _latent(names, own, {name: item.marginal for name, item in known.items()})
    correlations[seen != 0] = seen[seen != 0]
    return Picture(known, names, correlations, general)


def _names(
    wanted: Collection[str],
    settled: Collection[str],
    pairs: Mapping[frozenset[str], CatalogueAssociation],
) -> tuple[str, ...]:
    """Return what is wanted, and what a setting settles that is correlated with it."""
    near = {
        name
        for pair, item in pairs.items()
        for name in pair
        if abs(item.spearman) >= _TELLING and name in settled and (pair - {name}) & set(wanted)
    }
    return tuple(dict.fromkeys([*wanted, *sorted(near)]))


def _latent(
    names: Sequence[str],
    pairs: Mapping[frozenset[str], CatalogueAssociation],
    marginals: Mapping[str, Marginal],
) -> Floats:
    """Return the latent correlations (p, p) behind Spearman ones; 0 where none is stated."""
    at = {name: place for place, name in enumerate(names)}
    found = list(pairs.values())
    matrix = np.eye(len(names))
    if not found:
        return matrix
    ends = [(marginals[pair.a], marginals[pair.b]) for pair in found]
    solved = behind([pair.spearman for pair in found], ends)
    for pair, r in zip(found, solved, strict=True):
        matrix[at[pair.a], at[pair.b]] = matrix[at[pair.b], at[pair.a]] = r
    return matrix


def _of_everybody(entry: Entry, setting: Setting) -> KnownMarginal:
    marginal = eras.carried(entry, entry.marginal, eras.REFERENCE, setting.year)
    basis = f"{entry.label}: {catalogue().basis(entry)}"
    if setting.all_ages:
        marginal = of_all_ages(entry, marginal)
        basis += "; children as far as the catalogue knows them"
    elif marginal is not entry.marginal:
        basis += f"; carried to {setting.year:.0f} along the trend of all adults"
    return KnownMarginal(marginal, _provenance(entry.source), basis)


def _of_setting(
    name: str,
    before: KnownMarginal,
    lines: Mapping[str, Sequence[tuple[Condition, Figures]]],
    setting: Setting,
) -> KnownMarginal | None:
    """Return what is known of an entry in the patients of a setting; None if nothing.

    A disease or procedure counts before a setting or population, and of several the one whose
    patients are furthest from all adults.
    """
    entry = catalogue().entries[name]
    settled = [c.has[name] for c in _with_general_kinds(setting) if name in c.has]
    if settled:
        shares = Shares(tuple(Share(code, float(code == settled[0])) for code in entry.codes))
        return KnownMarginal(shares, "catalogue", f"{entry.label}: all patients of this kind", True)
    candidates = [
        (condition.kind in _DEFINING, abs(_place(found, before)), found)
        for condition in setting.conditions
        if not (name == "age" and setting.all_ages and condition.kind not in _DEFINING)
        if (found := _absolute(entry, condition, lines.get(name, ()), setting)) is not None
    ]
    known = max(candidates, key=lambda item: item[:2])[2] if candidates else None
    if known is not None and setting.all_ages and name != "age":
        known = replace(known, marginal=of_all_ages(entry, known.marginal))
    for condition in setting.conditions:
        relative = [f for c, f in lines.get(name, ()) if c is condition and f.is_relative]
        of_a_young_age = name == "age" and known is not None and _median(known) < _GROWN_OLD
        if relative and not of_a_young_age and (known is None or _is_elsewhere(condition, known)):
            start = _as_in_the_reference(entry, known) if known else before
            basis = f"{start.basis}; {catalogue().basis(relative[0])}"
            of_both = {start.provenance, _provenance(relative[0].source)}
            provenance: Provenance = "assumed" if "assumed" in of_both else start.provenance
            known = KnownMarginal(changed(entry, start.marginal, relative), provenance, basis)
    return known


def _median(known: KnownMarginal) -> float:
    return float(np.median(curves.curve(known.marginal)))


def _as_in_the_reference(entry: Entry, known: KnownMarginal) -> KnownMarginal:
    """Return figures as they would be in the United States, of which regions' figures speak.

    Where figures do not say where they are from, Europe is taken.
    """
    regions = [catalogue().conditions[name] for name in PLACES]
    own = next((region for region in regions if names_of(region).search(known.basis)), None)
    own = own or catalogue().conditions.get(_EUROPE)
    lines = [f for f in own.figures if f.variable == entry.name] if own else []
    lines = [line for line in lines if line.is_relative]
    if not lines:
        return known
    return replace(known, marginal=changed(entry, known.marginal, [inverse(f) for f in lines]))


def _is_elsewhere(region: Condition, known: KnownMarginal) -> bool:
    """Tell whether something is a region, and figures are not from there already."""
    return region.kind == "region" and not names_of(region).search(known.basis)


def _place(item: KnownMarginal, before: KnownMarginal) -> float:
    return curves.place(item.marginal, before.marginal)[0]


def _absolute(
    entry: Entry,
    condition: Condition,
    lines: Iterable[tuple[Condition, Figures]],
    setting: Setting,
) -> KnownMarginal | None:
    own = [figures for c, figures in lines if c is condition and not figures.is_relative]
    marginal = absolute(entry, own, setting.years_followed) if own else None
    if marginal is None:
        return None
    carried = eras.carried(entry, marginal, condition.years, setting.year)
    basis = f"{entry.label}, {condition.label}: {catalogue().basis(own[0])}"
    if any("rate" in figures.numbers for figures in own):
        basis += f"; within {setting.years_followed:g} years"
    if carried is not marginal:
        basis += f"; carried to {setting.year:.0f} along the trend of all adults"
    return KnownMarginal(carried, _provenance(own[0].source), basis)


def _provenance(source: str) -> Provenance:
    return "catalogue" if source in catalogue().sources else "assumed"


def family(condition: Condition) -> Sequence[Condition]:
    """Return a condition and all that it is a kind of, itself first."""
    return [condition, *general_kinds(condition)]


def _with_general_kinds(setting: Setting) -> Sequence[Condition]:
    return [one for condition in setting.conditions for one in family(condition)]


def _figures_by_variable(setting: Setting) -> Mapping[str, Sequence[tuple[Condition, Figures]]]:
    """Return the figures by variable, each with the condition of the setting that it counts for.

    A kind of a condition has the figures of the condition where it gives none.
    """
    lines: dict[str, list[tuple[Condition, Figures]]] = {}
    for condition in setting.conditions:
        own: set[str] = set()
        for one in family(condition):
            for figures in one.figures:
                if figures.variable not in own:
                    lines.setdefault(figures.variable, []).append((condition, figures))
            own |= {figures.variable for figures in one.figures}
    return lines


def _within(setting: Setting) -> Mapping[frozenset[str], CatalogueAssociation]:
    """Return the correlations within the patients of a setting, those of the foremost winning."""
    return {
        frozenset((pair.a, pair.b)): pair
        for condition in reversed(_with_general_kinds(setting))
        for pair in condition.associations
    }


def _is_of_children(name: str, replaced: Collection[str]) -> bool:
    """Tell whether what is known of an entry holds for children too."""
    return name in replaced or catalogue().entries[name].topic == "women_children"
