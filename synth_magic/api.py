"""From a description or a specification to patients: the stations of the package, joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from synth_magic import engines
from synth_magic.engines.answer import BY_HAND, Answer, Origin, Question, Watch, unwatched
from synth_magic.engines.examples import examples, left_out
from synth_magic.engines.reading import read
from synth_magic.engines.refinement import refinement
from synth_magic.engines.rows.written import Written
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
from synth_magic.spec import CohortSpec
from synth_magic.spec.edits import stated
from synth_magic.spec.marks import ATTRS_KEY

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.engines.plan import Plan
    from synth_magic.evaluation.evaluate import Step
    from synth_magic.evaluation.report.report import Report


_AGAIN = "Drawn again from its record. "
_OFFLINE = " Changed offline since: "
_NAMED = 5


def generate(
    text: str,
    *,
    rows: int | None = None,
    seed: int = 0,
    example: object = None,
    parent: Cohort | CohortSpec | None = None,
    engine: str | None = None,
    model: str | None = None,
    effort: str | None = None,
    max_tokens: int | None = None,
    token_budget: int | None = None,
    recordings: str | PathLike[str] | None = None,
    base_url: str | None = None,
    timeout: float | None = None,
    fresh: bool = False,
    method: str | None = None,
    rows_per_request: int | None = None,
    requests_at_once: int | None = None,
    database: str | None = None,
    without: str | Sequence[str] | None = None,
    large: bool = False,
    watch: Watch = unwatched,
) -> PatientFrame:
    """Return synthetic patients as described in `text`.

    `text` is prose, a table of variables or a published Table 1; `rows` the number of patients
    (default: what the description says, else 100); `example` a patient as a dictionary, a list of
    such or a DataFrame, of which the first 5 may be sent to a model; `parent` the cohort that this
    one takes the place of; `large` allows a frame of over half a gigabyte; `watch` is told how far
    a model has come.

    With a `parent` and another text than its own, a model is shown the earlier description and
    specification and asked for the smallest change: what the new words do not concern stays as it
    was, what was stated by hand included. Without a model, the figures and variables that differ
    between the descriptions are changed. A bare CohortSpec has no description to compare with.

    The other settings say what fills in the figures that the description leaves open; what is not
    given comes from `[tool.synth_magic]` in the nearest pyproject.toml, or is the default.
    `engine`: "auto" (a recorded answer, else the model if credentials are found, else offline),
    "claude", "recorded" or "offline"; `model` and its `effort` (low, medium, high, xhigh or max);
    `max_tokens` of one answer; `token_budget` of this session; `recordings`, the folder of recorded
    answers (empty: none); `base_url`, a server that speaks the Messages API; `timeout`, the seconds
    of silence before giving up; `fresh` asks anew, whatever was made or recorded: no recording is
    replayed, and a parent and its edits are left aside.

    With the `method` "rows", a model writes the patients themselves, as in Tornqvist et al.
    (arXiv 2412.05153), `rows_per_request` in each of `requests_at_once` requests at a time; "batch"
    does so by the Message Batches API, which takes longer and costs half. `database` names the
    database that they are of, and `without` parts of the request to leave out, to see what they are
    good for: name, description, labels, example, shuffling.

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
        method=method,
        rows_per_request=rows_per_request,
        requests_at_once=requests_at_once,
        database=database,
        without=without,
    )
    question, remarks = _question(text, example, parent, rows)
    before = parent.origin if isinstance(parent, Cohort) else None
    return _answered(
        question, settings, watch, question.rows, seed, before=before, remarks=remarks, large=large
    )


def refine(
    patients: PatientFrame | Cohort,
    change: str,
    *,
    rows: int | None = None,
    seed: int | None = None,
    large: bool = False,
    watch: Watch = unwatched,
    **settings: Any,
) -> PatientFrame:
    """Return patients like these, but for a `change` in words: "make them ten years older".

    A model is asked for the smallest change of their specification. Without one, the figures that
    the words state are imposed ("mean age 71 (SD 9), 70% male"), and words without figures are an
    error. `rows` and `seed` are those of the patients unless given; `large`, `watch` and the
    `settings`, from `engine` to `without`, are those of `generate`, and so are the errors; `fresh`
    asks again. The new description is the old one with the words of the change below it.
    """
    chosen = Settings.of(**settings)
    cohort = _cohort_of(patients)
    question = _refinement(cohort, change)
    wanted = cohort.rows if rows is None else checked_count(rows)
    other = cohort.seed if seed is None else seed
    return _answered(
        question, chosen, watch, wanted, checked_seed(other), before=cohort.origin, large=large
    )


def plan(
    text: str,
    *,
    rows: int | None = None,
    example: object = None,
    parent: Cohort | CohortSpec | None = None,
    refine: PatientFrame | Cohort | None = None,
    **settings: Any,
) -> Plan:
    """Return what `generate` would ask, of whom, and about what it would take; nothing is asked.

    With patients to `refine`, `text` is the change in words, and the plan that of `sm.refine`. The
    number of `rows` matters where a model writes them. `settings` are those of `generate`, from
    `engine` to `without`. Print the plan to read it. Raises DescriptionError, SettingError, and
    CredentialsError for a profile that cannot be read.
    """
    from synth_magic.engines import plan as planning

    chosen = Settings.of(**settings)
    if refine is None:
        return planning.plan(_question(text, example, parent, rows)[0], chosen)
    if parent is not None or example is not None:
        raise SettingError(
            "a plan to refine patients takes no parent and no example: leave them out"
        )
    return planning.plan(_refinement(_cohort_of(refine), text), chosen)


def _question(
    text: str, example: object, parent: Cohort | CohortSpec | None, rows: int | None
) -> tuple[Question, tuple[str, ...]]:
    """Return what is asked, and remarks on what of the examples is left out."""
    patients, number = examples(example)
    before = parent.origin.description if isinstance(parent, Cohort) else ""
    spec = parent.spec if isinstance(parent, Cohort) else parent
    if not (spec is None or isinstance(spec, CohortSpec)):
        raise SettingError(f"parent must be a Cohort or a CohortSpec, not {type(spec).__name__}")
    if spec is not None:
        spec = compiled(spec).spec
    described, remarks = read(text)
    wanted = rows if rows is not None else described.rows or DEFAULT_ROWS
    question = Question(described, patients, spec, before, remarks=remarks, rows=wanted)
    return question, left_out(number)


def _refinement(cohort: Cohort, change: str) -> Question:
    return refinement(compiled(cohort.spec).spec, cohort.origin.description, change)


def _cohort_of(patients: object) -> Cohort:
    if isinstance(patients, Cohort):
        return patients
    if isinstance(patients, PatientFrame):
        return patients.cohort
    raise SettingError(
        f"patients must be a PatientFrame or its cohort, not {type(patients).__name__}"
    )


def _answered(
    question: Question,
    settings: Settings,
    watch: Watch,
    rows: int,
    seed: int,
    *,
    before: Origin | None,
    remarks: tuple[str, ...] = (),
    large: bool,
) -> PatientFrame:
    known = question.parent.variables if question.refinement and question.parent else ()
    columns = len(known or question.description.variables)
    checked_rows(rows, columns, large=large)  # before anything is asked
    answer = engines.engine(settings)(question, watch)
    made = _changed_since(before, answer) if before else answer.origin
    origin = replace(made, remarks=(*made.remarks, *remarks))
    if question.refinement and before:  # the words above the refinement are as they were
        passages = dict.fromkeys((*before.not_understood, *made.not_understood))
        origin = replace(origin, not_understood=tuple(passages))
    return _cohort(answer.spec, rows, seed, origin, answer.written, large=large).frame()


def _changed_since(before: Origin, answer: Answer) -> Origin:
    """Return what made the patients: of those changed offline, still what had made them before."""
    now = answer.origin
    if answer.changed is None or before.engine == now.engine:
        return now
    names = tuple(dict.fromkeys((*before.changed_offline, *answer.changed)))
    made, by_hand, edits = before.summary.partition(BY_HAND)
    made = made.partition(_OFFLINE)[0]
    if names:
        more = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
        made = f"{made}{_OFFLINE}{', '.join([*names[:_NAMED], *more])}."
    return replace(
        before,
        summary=f"{made}{by_hand}{edits}",
        description=now.description,
        not_understood=now.not_understood,
        remarks=(now.summary, *now.remarks),
        changed_offline=names,
    )


def sample(
    spec: CohortSpec,
    rows: int = DEFAULT_ROWS,
    seed: int = 0,
    *,
    origin: Origin | None = None,
    written: Written | None = None,
    large: bool = False,
) -> PatientFrame:
    """Return `rows` patients of a specification; `origin` is what is known of how it was made.

    `written` are patients of a model that it was learnt from: these are returned, if as many.

    Raises SpecificationError for one that is not valid, SamplingError for one that cannot be
    sampled, RowsError for a number of rows that cannot be drawn.
    """
    if not isinstance(spec, CohortSpec):
        raise SettingError(f"spec must be a CohortSpec, not {type(spec).__name__}")
    spec.validate()
    if origin is None:
        made = Origin("specification", _of_specification(spec))
    else:
        made = replace(origin, summary=_AGAIN + origin.summary.removeprefix(_AGAIN))
    made = replace(made, remarks=tuple(dict.fromkeys((*made.remarks, *_overridden(spec)))))
    return _cohort(spec, rows, seed, made, written, large=large).frame()


def _of_specification(spec: CohortSpec) -> str:
    """Say what made patients of whom only the specification is known."""
    learnt = next((v.basis for v in spec.variables if v.provenance == "data"), "")
    source = f" that was learnt from data ({learnt})" if learnt else ""
    return f"Sampled from a specification{source}; no engine was asked."


def _overridden(spec: CohortSpec) -> Iterator[str]:
    """Say where a fact of the specification takes the place of what else stands in it."""
    after = compiled(spec).spec
    for old, new in zip(spec.variables, after.variables, strict=True):
        if (old.marginal, old.missing) != (new.marginal, new.missing):
            own = [fact for fact in spec.facts if fact.variable == old.name]
            facts = ", ".join(f"{stated(f)} (read from “{f.quote}”)" for f in own)
            yield (
                f"{old.name}: its facts took the place of what its marginal says: {facts}. Change "
                "or remove them to change the patients."
            )


def _cohort(
    spec: CohortSpec,
    rows: int,
    seed: int,
    origin: Origin,
    written: Written | None = None,
    *,
    large: bool,
) -> Cohort:
    wanted = checked_rows(rows, len(spec.variables), large=large)
    kept = written if written and len(written.rows) == wanted else None
    return Cohort(compiled(spec).spec, checked_seed(seed), wanted, origin, kept)


def evaluate(
    synthetic: pd.DataFrame,
    real: pd.DataFrame,
    *,
    holdout: pd.DataFrame | None = None,
    target: str | None = None,
    keys: str | Iterable[str] = (),
    sensitive: str | Iterable[str] = (),
    codes: str | Iterable[str] = (),
    leave_out: str | Iterable[str] = (),
    only: str | Iterable[str] = (),
    spec: CohortSpec | None = None,
    splits: int = 5,
    seed: int = 0,
    watch: Callable[[Step], None] | None = None,
) -> Report:
    """Return how synthetic patients compare with real ones: fidelity, privacy and utility.

    `synthetic` and `real` have a patient a row, at least 30 each; the columns of one name in both
    are compared, and the report says which are not, and why. The real rows are split `splits` times
    at random, 70% to learn from and 30% to judge by, as in Tornqvist et al. (arXiv 2412.05153);
    figures are means and standard deviations over the splits. With a `holdout` of real patients
    that no generator has seen, `real` is what may have been learnt from, and there is one split.
    Beside each figure stands that of real patients in the place of the synthetic ones.

    `target` is the column that models predict, for utility; a number is cut in two at the median of
    the real training rows. `keys` are columns that someone may know of a patient, `sensitive` those
    that they would guess from them. `codes` are columns whose numbers stand for codes; `leave_out`
    columns that are not compared; `only` names the groups of metrics that are wanted (fidelity,
    privacy, utility). `spec` says what the columns are; a frame that was made here carries its own,
    and of others the dtypes tell. Tables of over 20,000 rows are cut to so many at random, the same
    for the same `seed`, and slow metrics take fewer: the report says which. `watch` is told what is
    done next. No argument is changed, and no patient leaves this process.

    Raises EvaluationError for tables that cannot be compared, SettingError for an argument that
    means nothing or if SDMetrics, scikit-learn or statsmodels are lacking. No message holds a value
    of a real patient.
    """
    from synth_magic.evaluation import evaluate as evaluation

    attrs = getattr(synthetic, "attrs", {})
    cohort = Cohort.of(synthetic) if ATTRS_KEY in attrs else None
    return evaluation.evaluate(
        synthetic,
        real,
        holdout=holdout,
        target=target,
        keys=keys,
        sensitive=sensitive,
        codes=codes,
        leave_out=leave_out,
        only=only,
        spec=cohort.spec if spec is None and cohort else spec,
        splits=splits,
        seed=checked_seed(seed),
        made_by=cohort.origin.summary if cohort else "",
        watch=watch or evaluation.unwatched,
    )
