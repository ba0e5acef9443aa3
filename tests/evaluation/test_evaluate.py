"""A comparison from end to end: every part, every split, and what stops it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import synth_magic as sm
from synth_magic.errors import EvaluationError, SettingError
from synth_magic.evaluation import evaluate as runner
from synth_magic.evaluation import parts
from synth_magic.evaluation.evaluate import Step
from synth_magic.evaluation.parts import Part
from synth_magic.evaluation.roles import Roles
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Tables

SIZE = Metric("Size", "fidelity", 0, "How many rows are synthetic.")
CHANCE = Metric("Chance", "fidelity", 0, "A figure of the seed.")


def patients(seed: int, rows: int = 60) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    age = draw.normal(60, 10, rows).round(1)
    died = np.where(draw.normal(60, 10, rows) + age > 120, "yes", "no")
    return pd.DataFrame({"age": age, "sex": draw.choice(["f", "m"], rows), "died": died})


def small(tables: Tables, seed: int) -> Iterator[Score]:
    yield Score(SIZE, len(tables.synthetic), len(tables.train))
    yield Score(CHANCE, seed, of="age")
    yield Score(CHANCE, np.nan, of="sex", why="it is a code")


def broken(tables: Tables, _: int) -> Iterator[Score]:
    yield Score(SIZE, 1.0, of="before")
    raise ValueError(f"the patient {tables.train['age'].iloc[0]}")


@pytest.fixture
def two_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a part that works and one that does not."""
    some = (
        Part("fidelity", "sizes", small),
        Part("fidelity", "broken things", broken),
    )
    monkeypatch.setattr(runner, "parts", lambda *_: some)


@pytest.fixture(scope="module")
def report() -> sm.Report:
    return sm.evaluate(
        patients(1), patients(2), target="died", keys="age", sensitive="sex", splits=1
    )


def test_every_group_has_figures(report: sm.Report) -> None:
    groups = [result.metric.group for result in report.results if result.values]
    assert list(dict.fromkeys(groups)) == ["fidelity", "privacy", "utility"]
    names = {result.metric.name for result in report.results}
    assert {"Column Shapes", "Boosted-tree AUC", "Near copies", "CategoricalCAP", "AUC"} <= names
    assert not any("failed" in remark for remark in report.setup.remarks)


def test_it_says_what_was_compared(report: sm.Report) -> None:
    setup = report.setup
    assert (setup.synthetic, setup.real, setup.held_out, setup.used) == (60, 60, 0, 0)
    assert setup.columns == ("age", "sex", "died")
    assert (setup.target, setup.keys, setup.sensitive) == ("died", ("age",), ("sex",))
    assert (setup.splits, setup.seed, setup.made_by) == (1, 0, "")


def test_the_same_seed_gives_the_same_report(report: sm.Report) -> None:
    np.random.seed(5)
    before = np.random.get_state()[1].tolist()
    again = sm.evaluate(
        patients(1), patients(2), target="died", keys="age", sensitive="sex", splits=1
    )
    assert again.results == report.results
    assert np.random.get_state()[1].tolist() == before


def test_without_a_target_nothing_is_predicted() -> None:
    assert "utility" not in [part.name for part in parts.parts(Roles())]


def test_only_the_groups_that_are_wanted_are_computed() -> None:
    found = sm.evaluate(patients(1), patients(2), only="privacy", splits=1)
    assert {result.metric.group for result in found.results} == {"privacy"}


@pytest.mark.usefixtures("two_parts")
def test_figures_are_gathered_over_the_splits() -> None:
    report = sm.evaluate(patients(1, 40), patients(2, 100), splits=3)
    size, chance, none, *_ = report.results
    assert (size.metric, size.of, size.values, size.reals) == (SIZE, "", (40.0,) * 3, (70.0,) * 3)
    assert len(set(chance.values)) == 3
    assert (none.of, none.values, none.why) == ("sex", (), "it is a code")


@pytest.mark.usefixtures("two_parts")
def test_a_part_that_fails_takes_no_other_with_it_and_tells_no_value() -> None:
    report = sm.evaluate(patients(1), patients(2), splits=2)
    assert report.setup.remarks[:1] == (
        "The part on broken things failed in 2 splits (ValueError); figures of it are missing.",
    )
    assert [result.of for result in report.results] == ["", "age", "sex", "before"]


@pytest.mark.usefixtures("two_parts")
def test_each_step_is_announced() -> None:
    steps: list[Step] = []
    sm.evaluate(patients(1), patients(2), splits=2, watch=steps.append)
    assert steps == [
        Step(0, 4, "split 1 of 2: sizes"),
        Step(1, 4, "split 1 of 2: broken things"),
        Step(2, 4, "split 2 of 2: sizes"),
        Step(3, 4, "split 2 of 2: broken things"),
    ]
    sm.evaluate(patients(1), patients(2), holdout=patients(3), watch=steps.append)
    assert steps[4:] == [Step(0, 2, "sizes"), Step(1, 2, "broken things")]


@pytest.mark.usefixtures("two_parts")
def test_an_interrupt_ends_it_at_once() -> None:
    def interrupt(step: Step) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"^stopped; nothing was compared to the end$"):
        sm.evaluate(patients(1), patients(2), watch=interrupt)


@pytest.mark.usefixtures("two_parts")
def test_what_a_frame_carries_says_what_its_columns_are() -> None:
    made = sm.generate("Adults aged 40-85, 56% male.", rows=40, engine="offline")
    before = dict(made.attrs)
    real = pd.DataFrame(made.astype({"sex": str}))
    real["age"] = [50, 51] * 20
    report = sm.evaluate(made, real)
    assert report.setup.made_by == made.cohort.origin.summary
    assert report.tables is not None
    assert report.tables.numbers == ["age"]
    assert made.attrs == before
    plain = pd.DataFrame({"age": [50, 51] * 20, "sex": ["female", "male"] * 20})
    assert sm.evaluate(plain, real, spec=made.cohort.spec).tables.numbers == ["age"]


@pytest.mark.usefixtures("two_parts")
def test_a_long_table_is_cut_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth_magic.evaluation.splits.MOST_ROWS", 50)
    monkeypatch.setattr(runner, "MOST_ROWS", 50)
    setup = sm.evaluate(patients(1, 51), patients(2, 50)).setup
    assert (setup.synthetic, setup.used) == (51, 50)


def test_a_target_of_one_class_has_no_figure_but_a_reason() -> None:
    report = sm.evaluate(patients(1), patients(2).assign(died="yes"), target="died", splits=1)
    found = [r for r in report.results if r.metric.group == "utility"]
    assert found
    assert all(not result.values and result.why for result in found)


REFUSED: list[tuple[type[Exception], dict[str, Any], str]] = [
    (SettingError, {"target": "die"}, "target 'die' is no column of the patients (did you mean "),
    (SettingError, {"splits": 0}, "splits must be a whole number from 1 to 100, not 0"),
    (SettingError, {"seed": -1}, "seed must be a whole number from 0 to 2^63 - 1, not -1"),
    (SettingError, {"only": "privcy"}, "only 'privcy' means nothing (did you mean 'privacy'?)"),
    (SettingError, {"only": 5}, "only must be a name or a list of names"),
    (SettingError, {"only": ["utility"]}, "utility needs a target: the column that a model"),
    (SettingError, {"spec": {}}, "spec must be a CohortSpec, not dict"),
    (EvaluationError, {"holdout": patients(3, 5)}, "the held-out patients are 5, too few to "),
]


@pytest.mark.parametrize(("error", "options", "message"), REFUSED)
def test_an_argument_that_means_nothing_is_refused(
    error: type[Exception], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(error) as raised:
        sm.evaluate(patients(1), patients(2), **options)
    assert str(raised.value).startswith(message)


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(SettingError, match=r"^synthetic must be a DataFrame, not str$"):
        sm.evaluate("patients.csv", patients(1))  # type: ignore[arg-type]


def test_lacking_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_LIBRARIES", ("sdmetrics", "no_such_library"))
    with pytest.raises(SettingError) as raised:
        sm.evaluate(patients(1), patients(2))
    assert str(raised.value) == (
        "comparing with real patients needs SDMetrics, scikit-learn and statsmodels: pip install "
        "'synth_magic[evaluate]' (SDMetrics takes no pandas 3 yet, so pandas 2 comes with it)"
    )


def test_what_nothing_is_said_of_is_told_with_what_to_name() -> None:
    bare = sm.evaluate(patients(1), patients(2), splits=1).setup.remarks
    assert any(remark.startswith("Nothing is said of utility: name a target") for remark in bare)
    assert any(remark.startswith("Nothing is said of disclosure: name keys") for remark in bare)
    part = sm.evaluate(patients(1), patients(2), splits=1, only="fidelity").setup.remarks
    assert not any("Nothing is said" in remark for remark in part)
