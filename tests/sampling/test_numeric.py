"""What is recorded has the stated figures: truncation, rounding, spikes and all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from synth_magic.errors import SamplingError
from synth_magic.sampling.numeric import solve
from synth_magic.sampling.recording import Recording
from synth_magic.spec import MeanSD, MedianIQR, Quantiles, Spike
from synth_magic.spec.model import QUANTILE_LEVELS

STATED_EXACTLY = 0.003
"""Of the SD: how near a mean and SD come."""


def spiked(*spikes: tuple[float, float], decimals: int = 0, whole: bool = True) -> Recording:
    return Recording(decimals, whole, tuple(Spike(value, share) for value, share in spikes))


# --- mean and SD -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marginal", "decimals"),
    [
        (MeanSD(67.9, 9.4, 18, 100), 0),  # age
        (MeanSD(67.9, 9.4, 45, 85), 0),  # age, truncated on both sides
        (MeanSD(7.4, 1.3, 4, None), 1),  # HbA1c
        (MeanSD(3.1, 0.4, None, None), 0),  # rounded to few values
        (MeanSD(2.2, 2.4, 0, None), 0),  # number of admissions
        (MeanSD(180, 240, 0, None), 0),  # NT-proBNP
        (MeanSD(12, 15, 0, 60), 0),  # pack-years
        (MeanSD(0.3, 0.15, 0, 1), 2),  # a fraction
        (MeanSD(28.5, 2.0, 0, 30), 0),  # MMSE
        (MeanSD(96.5, 2.2, None, 100), 0),  # oxygen saturation
        (MeanSD(-1.8, 1.1, -5, 4), 1),  # bone density score
        (MeanSD(0.004, 0.002, 0, None), 4),
        (MeanSD(1e6, 3e5, 0, None), 0),
    ],
)
def test_mean_and_sd_are_those_of_the_recorded_values(marginal: MeanSD, decimals: int) -> None:
    curve = solve(marginal, Recording(decimals, whole=decimals == 0))
    assert curve.note == ""
    assert curve.recorded.mean == pytest.approx(marginal.mean, abs=STATED_EXACTLY * marginal.sd)
    assert curve.recorded.sd == pytest.approx(marginal.sd, rel=STATED_EXACTLY)
    assert curve.recorded.mass.sum() == pytest.approx(1)


@settings(max_examples=60, derandomize=True)
@given(
    low=st.sampled_from([None, -10.0, 0.0]),
    width=st.sampled_from([None, 1.0, 30.0, 1000.0]),
    place=st.floats(0.15, 0.85),
    spread=st.floats(0.02, 0.75),
    decimals=st.integers(0, 3),
    whole=st.booleans(),
)
def test_any_possible_mean_and_sd_are_reached_or_noted(  # noqa: PLR0917
    low: float | None, width: float | None, place: float, spread: float, decimals: int, whole: bool
) -> None:
    room = width or 100.0
    bottom = 0.0 if low is None else low
    mean = bottom + place * room
    high = None if width is None or low is None else bottom + width
    sd = spread * np.sqrt((mean - bottom) * (bottom + room - mean))
    assume(sd > 10.0**-decimals)
    marginal = MeanSD(mean, float(sd), low, high)
    curve = solve(marginal, Recording(0 if whole else decimals, whole))
    values = curve.recorded.values
    assert low is None or values[0] >= low
    assert high is None or values[-1] <= high
    reached = (
        abs(curve.recorded.mean - mean) < STATED_EXACTLY * sd
        and abs(curve.recorded.sd / sd - 1) < STATED_EXACTLY
    )
    assert reached or "cannot be had as recorded" in curve.note


def test_a_truncated_normal_is_scipys() -> None:
    """Mean and SD after truncation are the stated ones, so the underlying ones differ."""
    low, high = 40.0, 80.0
    curve = solve(MeanSD(60, 9.5, low, high), Recording(3))
    underlying = stats.truncnorm((low - 60) / 11, (high - 60) / 11, 60, 11)
    assert underlying.std() < 10.2  # an SD of 11 would be far from what is recorded
    below = curve.recorded.mass[curve.recorded.values < 45].sum()
    fitted = stats.truncnorm(*((np.array([low, high]) - 60) / 10.95), 60, 10.95)
    assert below == pytest.approx(fitted.cdf(45), abs=0.02)


def test_an_sd_of_zero_is_one_value() -> None:
    curve = solve(MeanSD(42, 0), Recording(0, whole=True))
    assert (curve.recorded.mean, curve.recorded.sd) == (42, 0)


# --- median and quartiles --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marginal", "decimals"),
    [
        (MedianIQR(61, 68, 75), 0),
        (MedianIQR(61, 68, 75, 18, 100), 0),
        (MedianIQR(0.5, 2.4, 9.0, 0), 1),
        (MedianIQR(1, 2, 4, 0), 0),
        (MedianIQR(26, 28, 29, 0, 30), 0),
        (MedianIQR(0.11, 0.42, 0.77, 0, 1), 2),
        (MedianIQR(92, 96, 98, None, 100), 0),
        (MedianIQR(1418, 1893, 2889, 0), 0),  # NT-proBNP
    ],
)
def test_median_and_quartiles_are_those_of_the_recorded_values(
    marginal: MedianIQR, decimals: int
) -> None:
    recorded = solve(marginal, Recording(decimals, whole=decimals == 0)).recorded
    step = 10.0**-decimals
    for level, value in ((0.25, marginal.p25), (0.5, marginal.p50), (0.75, marginal.p75)):
        assert recorded.quantile(level) == pytest.approx(value, rel=1e-3, abs=step / 1000)
    assert marginal.low is None or recorded.values[0] >= marginal.low
    assert marginal.high is None or recorded.values[-1] <= marginal.high


# --- quantiles -------------------------------------------------------------------------------

LABORATORY = Quantiles(0.2, 0.3, 0.5, 1.1, 2.4, 5.6, 24.0, 90.0, 350.0)
COUNT = Quantiles(0, 0, 0, 1, 2, 4, 9, 15, 40)
SCORE = Quantiles(0, 4, 11, 24, 27, 29, 30, 30, 30)


def quantiles_hold(marginal: Quantiles, recording: Recording) -> bool:
    """Whether each stated value is recorded at its stated rank."""
    recorded = solve(marginal, recording).recorded
    for name, level in QUANTILE_LEVELS.items():
        value = getattr(marginal, name)
        below = recorded.below(value)
        if not below - 1e-3 <= level <= below + recorded.share(value) + 1e-3:
            return False
    return True


@pytest.mark.parametrize(
    ("marginal", "decimals"), [(LABORATORY, 1), (LABORATORY, 3), (COUNT, 0), (SCORE, 0)]
)
def test_all_stated_quantiles_are_hit(marginal: Quantiles, decimals: int) -> None:
    assert quantiles_hold(marginal, Recording(decimals, whole=decimals == 0))


def test_minimum_and_maximum_are_the_bounds() -> None:
    values = solve(LABORATORY, Recording(1)).recorded.values
    assert (values[0], values[-1]) == (0.2, 350.0)


# --- spikes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marginal", "recording"),
    [
        (LABORATORY, spiked((0.2, 0.009), decimals=1, whole=False)),  # detection limit
        (Quantiles(0, 0, 0, 0, 12, 30, 55, 80, 120), spiked((0, 0.45))),  # pack-years
        (Quantiles(0, 2, 8, 20, 50, 80, 98, 100, 100), spiked((0, 0.009), (100, 0.03))),
        (LABORATORY, spiked((2.5, 0.1), decimals=1, whole=False)),  # inside
        (LABORATORY, spiked((0.5, 0.08), (5.0, 0.2), decimals=1, whole=False)),
        (COUNT, spiked((2, 0.3))),
        (SCORE, spiked((30, 0.22))),
        (SCORE, spiked((24, 0.3), (29, 0.25))),
    ],
)
def test_spikes_have_their_share_and_the_quantiles_still_hold(
    marginal: Quantiles, recording: Recording
) -> None:
    curve = solve(marginal, recording)
    assert curve.note == ""
    for spike in recording.spikes:
        assert curve.recorded.share(spike.value) == pytest.approx(spike.share, abs=1e-3)
    assert quantiles_hold(marginal, recording)


@pytest.mark.parametrize(
    ("marginal", "recording"),
    [
        (MeanSD(12, 16, 0, 80), spiked((0, 0.45))),
        (MeanSD(5, 2, 0, 10), spiked((5, 0.4))),
        (MeanSD(2, 1.5, 0), spiked((2, 0.5))),
        (MeanSD(3, 2, 0, 10), spiked((10, 0.05))),
        (MeanSD(50, 10, 0, 100), spiked((40, 0.1), (50, 0.2), (60, 0.1))),
        (MeanSD(7.4, 1.3, 4), spiked((6.5, 0.15), decimals=1, whole=False)),
        (MeanSD(7.4, 1.3), spiked((7.4, 0.3), decimals=2, whole=False)),
        (MeanSD(30, 30, 0), spiked((0, 0.2), (90, 0.1))),
    ],
)
def test_spikes_beside_mean_and_sd(marginal: MeanSD, recording: Recording) -> None:
    curve = solve(marginal, recording)
    assert curve.note == ""
    assert curve.recorded.mean == pytest.approx(marginal.mean, abs=STATED_EXACTLY * marginal.sd)
    assert curve.recorded.sd == pytest.approx(marginal.sd, rel=STATED_EXACTLY)
    for spike in recording.spikes:
        assert curve.recorded.share(spike.value) == pytest.approx(spike.share, abs=2e-3)


@pytest.mark.parametrize(
    ("marginal", "recording"),
    [
        (MedianIQR(0.5, 2.4, 9.0, 0), spiked((0, 0.1), decimals=1, whole=False)),
        (MedianIQR(61, 68, 75, 18, 100), spiked((65, 0.1))),
        (MedianIQR(26, 28, 29, 0, 30), spiked((30, 0.15))),
    ],
)
def test_spikes_beside_quartiles(marginal: MedianIQR, recording: Recording) -> None:
    recorded = solve(marginal, recording).recorded
    for spike in recording.spikes:
        assert recorded.share(spike.value) == pytest.approx(spike.share, abs=1e-3)
    for level, value in ((0.25, marginal.p25), (0.5, marginal.p50), (0.75, marginal.p75)):
        below = recorded.below(value)
        assert below - 1e-3 <= level <= below + recorded.share(value) + 1e-3


def test_a_spike_smaller_than_what_the_quantiles_give_is_noted() -> None:
    assert "2 has the share" in solve(COUNT, spiked((2, 0.01))).note


@pytest.mark.parametrize(
    "recording", [spiked((0, 0.99)), spiked((500, 0.5)), spiked((0, 0.5), (100, 0.5))]
)
def test_spikes_that_contradict_mean_and_sd_are_refused(recording: Recording) -> None:
    with pytest.raises(SamplingError, match="cannot stand beside the spikes"):
        solve(MeanSD(50, 10), recording)
