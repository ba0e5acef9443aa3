"""Times to an event or to the end of follow-up: short where the event came, else as long as that.

Nobody needs a figure for this: with a follow-up of F years, patients without the event were
followed for about F years, from half of it to half as much again, as they came one after the other;
those with the event had it on the way, more of them early than late. The shapes are assumed.
"""

from __future__ import annotations

from synth_magic.catalogue.units import converted
from synth_magic.engines.offline.cohort import Cohort
from synth_magic.engines.offline.marginals import Made
from synth_magic.engines.offline.subjects import Subject
from synth_magic.spec.model import By, Cell, MedianIQR

_EVENTS = {
    "followup_days": ("death", "event", "recurrence"),
    "followup_months": ("death", "event", "recurrence"),
    "followup_years": ("death", "event", "recurrence"),
    "overall_survival": ("death",),
    "time_to_death": ("death",),
    "recurrence_days": ("recurrence",),
    "progression_days": ("progression", "event"),
    "time_to_event": ("event", "death"),
}
"""What ends each time, the likeliest first."""

_PER_YEAR = {"days": 365.25, "months": 12.0, "weeks": 52.18, "years": 1.0}
_WITHOUT = (0.75, 1.0, 1.25, 2.0)
_WITH = (0.18, 0.42, 0.75, 1.5)
"""Quartiles and longest time without and with the event, in parts of the mean follow-up."""


def time_to(subject: Subject, cohort: Cohort) -> Made | None:
    """Return a time by whether its event came; None if that is not there."""
    entry, unit, years = subject.entry, subject.entry_unit, cohort.setting.years_followed
    if entry is None or unit is None or entry.unit not in _PER_YEAR:
        return None
    if subject.stated.distribution:
        return None
    events = (cohort.entries.get(name) for name in _EVENTS.get(entry.name, ()))
    event = next((one for one in events if one is not None and one.meanings), None)
    if event is None:
        return None
    cells = []
    for code in event.codes:
        parts = _WITH if event.meanings[code] == ("yes",) else _WITHOUT
        p25, p50, p75, longest = (part * years * _PER_YEAR[entry.unit] for part in parts)
        cells.append(Cell((code,), MedianIQR(p25, p50, p75, 0.0, longest)))
    basis = (
        f"assumed: a follow-up of {years:.2g} years, in which those with {event.name} had it more "
        "often early than late"
    )
    return Made(converted(By((event.name,), tuple(cells)), unit), "assumed", basis)
