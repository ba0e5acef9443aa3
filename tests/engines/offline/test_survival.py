"""Times to an event end with it, or with the follow-up."""

from __future__ import annotations

import numpy as np
import pytest

from synth_magic.description.model import DescribedVariable
from synth_magic.engines.offline.cohort import Cohort
from synth_magic.engines.offline.marginals import Made
from synth_magic.engines.offline.setting import Setting
from synth_magic.engines.offline.subjects import read
from synth_magic.engines.offline.survival import time_to
from synth_magic.spec.model import By, Fact
from tests.engines.offline.builders import facts, named, values

DEATH = named("death", codes="0=alive 1=dead", type="binary")


def made(
    time: DescribedVariable,
    *others: DescribedVariable,
    years: float = 4,
    stated: tuple[Fact, ...] = (),
) -> Made | None:
    subjects = {one.name: read(one, stated) for one in (time, *others)}
    return time_to(subjects[time.name], Cohort.of(subjects, Setting(followup_years=years)))


def medians(found: Made | None) -> dict[str, float]:
    assert found is not None
    assert isinstance(found.marginal, By)
    return {c.levels[0]: float(np.median(values(c.marginal))) for c in found.marginal.cells}


def test_the_dead_were_followed_for_less_long_than_the_others() -> None:
    found = made(named("follow-up days"), DEATH)
    days = medians(found)
    assert days["0"] == pytest.approx(4 * 365.25, rel=0.01)
    assert days["1"] < days["0"] / 2
    assert found is not None
    assert found.provenance == "assumed"
    assert "4 years" in found.basis


def test_times_are_in_the_user_s_unit() -> None:
    days = medians(made(named("follow-up days"), DEATH))
    months = medians(made(named("fu", label="Follow-up, months", unit="months"), DEATH))
    assert months["1"] == pytest.approx(days["1"] / 30.4375, rel=0.01)


def test_nobody_is_followed_for_less_than_nothing() -> None:
    found = made(named("follow-up days"), DEATH)
    assert found is not None
    assert isinstance(found.marginal, By)
    assert all(values(cell.marginal).min() >= 0 for cell in found.marginal.cells)


def test_without_an_event_or_with_its_own_figures_nothing_is_known() -> None:
    time = named("follow-up days")
    assert made(time) is None
    assert made(time, DEATH, stated=tuple(facts("follow-up days", mean=900))) is None
    assert made(named("bmi"), DEATH) is None
