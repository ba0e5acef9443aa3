"""From a description or a specification to patients: the stations of the package, joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from synth_magic import engines
from synth_magic.description import parse
from synth_magic.engines.answer import Origin, Question, Watch, unwatched
from synth_magic.engines.examples import examples, left_out
from synth_magic.engines.settings import Settings
from synth_magic.errors import SettingError
from synth_magic.frame import (
    DEFAULT_ROWS,
    Cohort,
    PatientFrame,
    checked_count,
    checked_rows,
    checked_seed,
)
from synth_magic.sampling import compiled
from synth_magic.spec import CohortSpec, Fact

if TYPE_CHECKING:
    from synth_magic.engines.plan import Plan


_AGAIN = "Drawn again from its record. "


def generate(
    text: str,
    *,
    rows: int | None = None,
    seed: int = 0,
    example: object = None,
    parent: CohortSpec | None = None,
    engine: str | None = None,
    model: str | None = None,
    effort: str | None = None,
    max_tokens: int | None = None,
    token_budget: int | None = None,
    recordings: str | PathLike[str] | None = None,
    base_url: str | None = None,
    timeout: float | None = None,
    fresh: bool = False,
    large: bool = False,
    watch: Watch = unwatched,
) -> PatientFrame:
    """Return synthetic patients as described in `text`.

    `text` is prose, a table of variables or a published Table 1; `rows` the number of patients
    (default: what the description says, else 100); `example` a patient as a dictionary, a list of
    such or a DataFrame, of which the first 5 may be sent to a model; `parent` the specification
    that this one takes the place of, recorded with the answer; `large` allows a frame of over half
    a gigabyte; `watch` is told how far a model has come.

    The other settings say what fills in the figures that the description leaves open; what is not
    given comes from `[tool.synth_magic]` in the nearest pyproject.toml, or is the default.
    `engine`: "auto" (a recorded answer, else the model if credentials are found, else offline),
    "claude", "recorded" or "offline"; `model` and its `effort` (low, medium, high, xhigh or max);
    `max_tokens` of one answer; `token_budget` of this session; `recordings`, the folder of recorded
    answers (empty: none); `base_url`, a server that speaks the Messages API; `timeout`, the seconds
    of silence before giving up; `fresh` asks again what is recorded.

    Raises DescriptionError for a description that cannot be read, SettingError for a setting or an
    example that means nothing, RowsError, SamplingError for figures that no distribution can have,
    and EngineError if no answer can be had.
    """
    checked_seed(seed)
    if rows is not None:
        checked_count(rows)
    settings = Settings.of(
        engine=engine,
        model=model,
        effort=effort,
        max_tokens=max_tokens,
        token_budget=token_budget,
        recordings=recordings,
        base_url=base_url,
        timeout=timeout,
        fresh=fresh,
    )
    question, remarks = _question(text, example, parent)
    description = question.description
    wanted = rows if rows is not None else description.rows or DEFAULT_ROWS
    checked_rows(wanted, len(description.variables), large=large)  # before anything is asked
    answer = engines.engine(settings)(question, watch)
    origin = replace(answer.origin, remarks=(*answer.origin.remarks, *remarks))
    return _cohort(answer.spec, wanted, seed, origin, large=large).frame()


def plan(text: str, *, example: object = None, **settings: Any) -> Plan:
    """Return what `generate` would ask, of whom, and about what it would take; nothing is asked.

    `settings` are those of `generate`, from `engine` to `fresh`. Print the plan to read it. Raises
    DescriptionError, SettingError, and CredentialsError for a profile that cannot be read.
    """
    from synth_magic.engines import plan as planning

    chosen = Settings.of(**settings)
    return planning.plan(_question(text, example)[0], chosen)


def _question(
    text: str, example: object, parent: CohortSpec | None = None
) -> tuple[Question, tuple[str, ...]]:
    """Return what is asked, and remarks on what of the examples is left out."""
    patients, number = examples(example)
    return Question(parse(text), patients, parent), left_out(number)


def sample(
    spec: CohortSpec,
    rows: int = DEFAULT_ROWS,
    seed: int = 0,
    *,
    origin: Origin | None = None,
    large: bool = False,
) -> PatientFrame:
    """Return `rows` patients of a specification; `origin` is what is known of how it was made.

    Raises SpecificationError for one that is not valid, SamplingError for one that cannot be
    sampled, RowsError for a number of rows that cannot be drawn.
    """
    if not isinstance(spec, CohortSpec):
        raise SettingError(f"spec must be a CohortSpec, not {type(spec).__name__}")
    spec.validate()
    if origin is None:
        made = Origin("specification", "Sampled from a specification; no engine was asked.")
    else:
        made = replace(origin, summary=_AGAIN + origin.summary.removeprefix(_AGAIN))
    made = replace(made, remarks=tuple(dict.fromkeys((*made.remarks, *_overridden(spec)))))
    return _cohort(spec, rows, seed, made, large=large).frame()


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
