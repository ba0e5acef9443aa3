from __future__ import annotations

import pytest

import synth_magic as sm
from synth_magic.errors import SettingError


def test_a_median_may_be_called_so() -> None:
    assert sm.edit("age", "median", 64) == sm.edit("age", "p50", 64)
    assert sm.edit("age", "median", 64).quote == "edited: age: median 64"


def test_an_unknown_statistic_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(SettingError, match=r"'yes' is no statistic of 'smoking'.*share.*code="):
        sm.edit("smoking", "yes", 0.4)  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="did you mean 'mean'"):
        sm.edit("age", "meen", 64)  # type: ignore[arg-type]
