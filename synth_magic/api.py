"""From a description or a specification to patients: the stations of the package, joined."""

from __future__ import annotations

from collections.abc import Iterator

from synth_magic.description import parse
from synth_magic.engines import choose
from synth_magic.engines.answer import Origin
from synth_magic.errors import SettingError
from synth_magic.frame import (
    DEFAULT_ROWS,
    Cohort,
    PatientFrame,
    checked_count,
    checked_rows,
    checked_seed,
    compiled,
)
from synth_magic.spec import CohortSpec, Fact


def generate(
    text: str, *, rows: int | None = None, seed: int = 0, engine: str = "auto", large: bool = False
) -> PatientFrame:
    """Return synthetic patients as described in `text`.

    `text` is prose, a table of variables or a published Table 1; `rows` the number of patients
    (default: what the description says, else 100); `engine` what fills in the figures that the
    description leaves open; `large` allows a frame of over half a gigabyte.

    Raises DescriptionError for a description that cannot be read, SettingError for an engine
    that does not exist, SamplingError for figures that no distribution can have, RowsError.
    """
    checked_seed(seed)
    if rows is not None:
        checked_count(rows)
    elicit = choose(engine)
    description = parse(text)
    wanted = rows if rows is not None else description.rows or DEFAULT_ROWS
    answer = elicit(description)
    return _cohort(answer.spec, wanted, seed, answer.origin, large=large).frame()


def sample(
    spec: CohortSpec, rows: int = DEFAULT_ROWS, seed: int = 0, *, large: bool = False
) -> PatientFrame:
    """Return `rows` patients of a specification.

    Raises SpecificationError for one that is not valid, SamplingError for one that cannot be
    sampled, RowsError for a number of rows that cannot be drawn.
    """
    if not isinstance(spec, CohortSpec):
        raise SettingError(f"spec must be a CohortSpec, not {type(spec).__name__}")
    spec.validate()
    origin = Origin(
        "specification",
        "Sampled from a specification; no engine was asked.",
        remarks=tuple(_overridden(spec)),
    )
    return _cohort(spec, rows, seed, origin, large=large).frame()


def _overridden(spec: CohortSpec) -> Iterator[str]:
    """Say where a fact of the specification takes the place of what else stands in it."""
    after = compiled(spec).spec
    for old, new in zip(spec.variables, after.variables, strict=True):
        if (old.marginal, old.missing) != (new.marginal, new.missing):
            own = [fact for fact in spec.facts if fact.variable == old.name]
            facts = ", ".join(f"{_words(f)} {f.value:g} (read from “{f.quote}”)" for f in own)
            yield (
                f"{old.name}: its facts took the place of what its marginal says: {facts}. Change "
                "or remove them to change the patients."
            )


def _words(fact: Fact) -> str:
    what = f"share of {fact.code}" if fact.statistic == "share" else fact.statistic
    return f"{what} where {fact.within.variable} is {fact.within.code}" if fact.within else what


def _cohort(spec: CohortSpec, rows: int, seed: int, origin: Origin, *, large: bool) -> Cohort:
    wanted = checked_rows(rows, len(spec.variables), large=large)
    return Cohort(compiled(spec).spec, checked_seed(seed), wanted, origin)
