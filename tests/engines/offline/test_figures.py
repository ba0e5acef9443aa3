"""A condition's figures become marginals, or change those of all adults."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from synth_magic.catalogue.entries import Figures
from synth_magic.engines.offline.figures import absolute, changed
from synth_magic.spec.model import By, Cell, MeanSD, MedianIQR, Quantiles
from tests.engines.offline.builders import entry, line, share_of, values, with_shares

PRESSURE, DEATH, NYHA = entry("systolic_bp"), entry("death"), entry("nyha")


def test_a_mean_and_sd_lie_within_the_bounds_of_the_entry() -> None:
    age = entry("age")
    assert age.bounds is not None
    assert absolute(age, [line("age", mean=70, sd=9)], 5) == MeanSD(70, 9, *age.bounds)


def test_body_measures_keep_the_shape_that_they_have_in_all_adults() -> None:
    found = absolute(PRESSURE, [line("systolic_bp", mean=130, sd=18)], 5)
    assert isinstance(found, Quantiles)
    drawn = values(found)
    assert drawn.mean() == pytest.approx(130, abs=0.5)
    assert drawn.std() == pytest.approx(18, abs=0.5)
    assert found.p95 - found.p50 > found.p50 - found.p05


def test_bounds_of_their_own_come_first() -> None:
    found = absolute(PRESSURE, [line("systolic_bp", p25=90, p50=100, p75=112, low=80)], 5)
    assert PRESSURE.bounds is not None
    assert found == MedianIQR(90, 100, 112, 80, PRESSURE.bounds[1])


def test_a_share_is_that_of_the_last_code() -> None:
    found = absolute(DEATH, [line("death", share=0.3)], 5)
    assert found is not None
    assert share_of(found, "yes") == pytest.approx(0.3)


def test_a_rate_becomes_the_share_with_the_event_within_the_years() -> None:
    deaths = [
        share_of(found, "yes")
        for years in (1, 10)
        if (found := absolute(DEATH, [line("death", rate=0.12)], years)) is not None
    ]
    assert deaths == pytest.approx([1 - exp(-0.12), 1 - exp(-1.2)])


def test_shares_of_several_codes_are_freed_of_their_rounding() -> None:
    found = absolute(NYHA, [replace(line("nyha"), shares=(0.1, 0.4, 0.3, 0.22))], 5)
    assert found is not None
    assert share_of(found, NYHA.codes[0]) == pytest.approx(0.1 / 1.02)


def test_figures_of_both_sexes_make_a_cell_for_each() -> None:
    lines = [
        line("haemoglobin", sex=sex, mean=mean, sd=1.5)
        for sex, mean in (("female", 12.1), ("male", 13.4))
    ]
    found = absolute(entry("haemoglobin"), lines, 5)
    assert isinstance(found, By)
    assert found.parents == ("sex",)
    assert [cell.levels for cell in found.cells] == [("female",), ("male",)]
    assert absolute(entry("haemoglobin"), lines[:1], 5) is None


def test_figures_by_age_and_sex_cross_them() -> None:
    lines = [
        line("height", sex=sex, ages=ages, mean=mean, sd=6, low=40, high=200)
        for sex in ("female", "male")
        for ages, mean in (("<2", 75), ("[2, 10)", 110), (">=10", 150))
    ]
    found = absolute(entry("height"), lines, 5)
    assert isinstance(found, By)
    assert found.parents == ("sex", "age")
    assert len(found.cells) == 6
    assert absolute(entry("height"), lines[:-1], 5) is None


# --- relative to all adults

BY_SEX = By(("sex",), (Cell(("female",), MeanSD(120, 15)), Cell(("male",), MeanSD(126, 14))))


@pytest.mark.parametrize(
    "relative", [line("bmi", shift=-6), line("bmi", times=0.8), line("diabetes", odds=2.5)]
)
def test_what_changes_a_marginal_is_told_from_what_replaces_it(relative: Figures) -> None:
    assert relative.is_relative
    assert not line("bmi", mean=30, sd=5).is_relative


def test_a_shift_is_added_in_every_cell() -> None:
    found = changed(PRESSURE, BY_SEX, [line("systolic_bp", shift=-6)])
    assert isinstance(found, By)
    medians = [np.median(values(cell.marginal)) for cell in found.cells]
    assert medians == pytest.approx([114, 120], abs=0.1)


def test_a_change_of_one_sex_leaves_the_other() -> None:
    found = changed(PRESSURE, BY_SEX, [line("systolic_bp", sex="male", times=1.1)])
    assert isinstance(found, By)
    assert found.cells[0] == BY_SEX.cells[0]
    assert np.median(values(found.cells[1].marginal)) == pytest.approx(138.6, abs=0.1)


def test_odds_change_the_share_of_the_last_code() -> None:
    found = changed(DEATH, with_shares(no=0.8, yes=0.2), [line("death", odds=4)])
    assert share_of(found, "yes") == pytest.approx(0.5)
