from __future__ import annotations

import math
from collections.abc import Iterator
from types import ModuleType

import pytest

from synth_magic.evaluation.fidelity import correlations, detection, missing, shapes, trends
from synth_magic.evaluation.privacy import copies, disclosure, distances
from synth_magic.evaluation.report.readings import READINGS, reading
from synth_magic.evaluation.score import Metric
from synth_magic.evaluation.utility import coefficients, prediction
from tests.evaluation.report.builders import result

MODULES = (
    shapes, trends, correlations, detection, missing, distances, disclosure, copies, prediction,
    coefficients,
)  # fmt: skip


def metrics(module: ModuleType) -> Iterator[str]:
    return (value.name for value in vars(module).values() if isinstance(value, Metric))


def test_every_metric_has_a_reading_and_no_reading_is_of_none() -> None:
    assert {name for module in MODULES for name in metrics(module)} == set(READINGS)


@pytest.mark.parametrize(
    ("name", "value", "real", "words"),
    [
        (
            "Column Shapes", 0.9, 0.92,
            "about 90 in 100 of each distribution overlaps; between real patients 92 in 100",
        ),
        (
            "KSComplement", 0.8, 0.7,
            ("the shares up to any value differ by at most 2 in 10; between real patients by 3 in "
            "10"),
        ),
        ("TVComplement", 0.8, 0.9, ("8 in 10 of the codes need not change; between real patients 9 "
         "in 10")),
        (
            "Wasserstein distance, scaled", 0.2, 0.05,
            "values lie 0.20 standard deviations apart on average; between real patients 0.05",
        ),
        (
            "Boosted-tree AUC", 0.6, 0.5,
            "a model tells them apart 6 times in 10; real patients from real ones 5 in 10",
        ),
        (  # 0.8 is 1 less twice what the AUC is above a half
            "Logistic detection", 0.8, 1.0,
            ("logistic regression tells them apart 6 times in 10; real patients from real ones 5 "
            "in 10"),
        ),
        (
            "Missing values", 0.021, 0.01,
            ("the share that is missing is off by 2.10 percentage points; between real patients by "
            "1.00"),
        ),
        (
            "Copies", 0.0, 0.0,
            "no synthetic patient is a copy of a real one; of real patients held out none",
        ),
        (
            "Copies", 0.2, 0.0,
            ("2 in 10 synthetic patients are copies of real ones; of real patients held out none: "
            "look at them"),
        ),
        (
            "Near copies", 0.03, 0.01,
            ("3 in 100 synthetic patients are nearly copies of real ones; of real patients held "
            "out 1 in 100: look for copies"),
        ),
        (
            "Near copies", 0.013, 0.01,
            ("1 in 100 synthetic patients are nearly copies of real ones; of real patients held "
            "out 1 in 100"),
        ),
        (
            "Distance to the closest record", 0.02, 0.1,
            "closer to the real patients than held-out real patients are: look for copies",
        ),
        (
            "Distance to the closest record", 0.099, 0.1,
            "about as close to the real patients as held-out real patients are",
        ),
        (
            "Distance to the closest record", 0.2, 0.1,
            "farther from the real patients than held-out real patients are",
        ),
        (
            "Nearest-neighbour distance ratio", 0.2, 0.8,
            ("the closest real patient is 0.20 times as far as the second closest; of held-out "
            "real patients 0.80: single patients may be copied"),
        ),
        (
            "CategoricalCAP", 0.3, 0.5,
            "a guess from the keys is wrong 3 times in 10; with real patients held out 5 in 10",
        ),
        (
            "Disclosure", -0.1, 0.2,
            ("knowing the keys, 0 in 10 wrong guesses are put right; with real patients held out 2 "
            "in 10"),
        ),
        (
            "AUC", 0.7, 0.8,
            ("learnt from synthetic patients, a model puts 7 in 10 pairs of real ones in the "
            "right order; learnt from real patients 8 in 10"),
        ),
        (
            "Calibration in the large", -0.3, 0.1,
            ("predicted log odds are 0.30 too high on average; learnt from real patients 0.10 too "
            "low"),
        ),
        ("Coefficient", math.log(2), 0.0, "an odds ratio of 2.00; learnt from real patients 1.00"),
        ("A metric of the future", 0.25, 0.5, "0.25; of real patients 0.50"),
    ],
)  # fmt: skip
def test_a_figure_is_read_beside_the_yardstick(
    name: str, value: float, real: float, words: str
) -> None:
    assert reading(result(name, value, real=real)) == words


@pytest.mark.parametrize("name", READINGS)
def test_without_a_yardstick_nothing_is_judged(name: str) -> None:
    words = reading(result(name, 0.2))
    assert not any(word in words for word in ("real patients held out", "look", "may be", "nan"))
    assert "; " not in words


@pytest.mark.parametrize("name", READINGS)
def test_extremes_can_be_read(name: str) -> None:
    for value in (0.0, 1.0, 1e-9, 1 - 1e-9, -3.0, 1e6):
        assert "nan" not in reading(result(name, value, value, real=value))


def test_a_difference_within_the_splits_is_none() -> None:
    name = "Distance to the closest record"
    assert reading(result(name, 0.06, 0.14, real=0.12)).startswith("about as close")
    assert reading(result(name, 0.06, 0.062, real=0.12)).startswith("closer")


def test_what_is_not_computed_says_why() -> None:
    assert reading(result("F1", why="one class only")) == "not computed: one class only"
    assert reading(result("F1")) == "not computed"
