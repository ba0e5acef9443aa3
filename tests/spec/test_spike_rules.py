from __future__ import annotations

from dataclasses import replace

import pytest

from synth_magic.spec import (
    By,
    Cell,
    DigitPreference,
    Formula,
    MeanSD,
    MedianIQR,
    Quantiles,
    Spike,
    Variable,
)
from synth_magic.spec.model import Marginal
from tests.spec.builders import SEX, cohort, told

SKEWED = Quantiles(0, 0, 1, 3, 5, 9, 30, 60, 99)


def faults(marginal: Marginal, *spikes: Spike) -> list[str]:
    return told(cohort(Variable("crp", "continuous", marginal, spikes=spikes, decimals=1)))


@pytest.mark.parametrize(
    ("marginal", "spikes"),
    [
        (SKEWED, (Spike(0, 0.05),)),  # ranks 0 to .05 lie below the first knot above zero
        (SKEWED, (Spike(5, 0.5),)),  # ranks .25 to .75
        (SKEWED, (Spike(3, 0.3), Spike(5, 0.3))),
        (MedianIQR(0, 0, 3, 0, None), (Spike(0, 0.75),)),
        (MeanSD(10, 5, 0, None), (Spike(0, 0.1), Spike(2, 0.05))),
        (MeanSD(1.2, 3.5, 0, 40), (Spike(0, 0.6),)),
    ],
    ids=str,
)
def test_spikes_that_the_figures_leave_room_for_are_valid(
    marginal: Marginal, spikes: tuple[Spike, ...]
) -> None:
    assert faults(marginal, *spikes) == []


@pytest.mark.parametrize(
    ("marginal", "spikes", "place", "message"),
    [
        (
            SKEWED,
            (Spike(0, 0.06),),
            "spikes",
            "0 has the share 0.06, but the quantiles leave ranks 0 to 0.05, a share of 0.05",
        ),
        (
            SKEWED,
            (Spike(4, 0.4),),
            "spikes",
            "4 has the share 0.4, but the quantiles leave ranks 0.25 to 0.5, a share of 0.25",
        ),
        (
            SKEWED,
            (Spike(3.5, 0.2), Spike(4, 0.2)),
            "spikes",
            "3.5 and 4 have the share 0.4, but the quantiles leave ranks 0.25 to 0.5",
        ),
        (
            MedianIQR(2, 4, 8, 0, None),
            (Spike(0, 0.3),),
            "spikes",
            "0 has the share 0.3, but the quantiles leave ranks 0 to 0.25",
        ),
        (
            SKEWED,
            (Spike(100, 0.1),),
            "spikes[0].value",
            "the value 100 is outside 0 to 99; a spike lies within the bounds",
        ),
        (MeanSD(5, 1, 0, None), (Spike(-1, 0.1),), "spikes[0].value", "the value -1 is outside 0"),
        (
            MeanSD(5, 1, 0, 6),
            (Spike(0, 0.2),),
            "spikes",
            "without the spikes the mean would be 6.25; it must lie within 0 to 6",
        ),
        (
            MeanSD(5, 1),
            (Spike(0, 0.2),),
            "spikes",
            "the SD is 1, but the spikes alone make it 2.5; lower their shares or raise the SD",
        ),
        (MeanSD(5, 1), (Spike(5, 0),), "spikes[0].share", "the share is 0; it must lie between"),
        (MeanSD(5, 1), (Spike(5, 1),), "spikes[0].share", "the share is 1; it must lie between"),
        (
            MeanSD(5, 3),
            (Spike(5, 0.1), Spike(5.0, 0.2)),
            "spikes[1].value",
            "the value 5 stands twice; state each value once",
        ),
        (
            MeanSD(5, 3),
            (Spike(4, 0.6), Spike(6, 0.6)),
            "spikes",
            "the shares sum to 1.2; they sum to at most 1",
        ),
        (Formula("age"), (Spike(5, 0.1),), "spikes", "a formula has spikes; only a sampled number"),
    ],
    ids=str,
)
def test_spikes_without_room_are_told_with_the_numbers(
    marginal: Marginal, spikes: tuple[Spike, ...], place: str, message: str
) -> None:
    (fault,) = faults(marginal, *spikes)
    assert fault.startswith(f"variables[6].{place} ('crp'): {message}")


def test_a_spike_is_checked_in_every_cell() -> None:
    cells = (Cell(("female",), MeanSD(5, 2, 0, None)), Cell(("male",), MeanSD(5, 2, 1, None)))
    (fault,) = faults(By(("sex",), cells), Spike(0, 0.1))
    assert "the value 0 is outside 1 to inf" in fault


@pytest.mark.parametrize(
    ("variable", "place", "message"),
    [
        (
            Variable("x", "continuous", MeanSD(5, 1), digit_preference=DigitPreference(0, 0.5)),
            "digit_preference.nearest",
            "the multiple is 0; it must be above 0",
        ),
        (
            Variable("x", "continuous", MeanSD(5, 1), digit_preference=DigitPreference(5, 1.5)),
            "digit_preference.share",
            "the share is 1.5; shares are from 0 to 1",
        ),
        (
            replace(SEX, name="x", digit_preference=DigitPreference(5, 0.5)),
            "digit_preference",
            "a variable of the type binary has a digit preference; only a sampled number",
        ),
        (
            replace(SEX, name="x", spikes=(Spike(1, 0.5),)),
            "spikes",
            "a variable of the type binary has spikes; only a sampled number",
        ),
    ],
    ids=str,
)
def test_what_is_recorded_must_suit_the_variable(
    variable: Variable, place: str, message: str
) -> None:
    (fault,) = told(cohort(variable))
    assert fault.startswith(f"variables[6].{place} ('x'): {message}")
