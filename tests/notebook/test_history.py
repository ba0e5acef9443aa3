from __future__ import annotations

from dataclasses import replace

import pytest

from synth_magic import Cohort
from synth_magic.errors import SettingError
from synth_magic.notebook.history import History


def titled(cohort: Cohort, title: str) -> Cohort:
    return replace(cohort, spec=replace(cohort.spec, title=title))


def told(cohort: Cohort, text: str) -> Cohort:
    return replace(cohort, origin=replace(cohort.origin, description=text))


def test_versions_are_numbered_from_one(cohort: Cohort) -> None:
    history = History()
    first = history.keep(history.make(cohort, "described", source="%%synthpatients d"))
    second = history.keep(
        history.make(titled(cohort, "Other"), "edited", "the title", before=first)
    )
    assert [version.title for version in history] == ["1: described", "2: edited, the title"]
    assert history[2] is second
    assert list(second.lineage) == [second, first]


def test_what_is_the_same_is_no_new_version(cohort: Cohort) -> None:
    history = History()
    first = history.keep(history.make(cohort, "described"))
    assert history.keep(history.make(replace(cohort, seed=9, rows=3), "described")) is first
    assert history.keep(history.make(told(cohort, "Other words"), "described")) is not first
    assert history.keep(history.make(cohort, "refined", "older")) is not first
    assert history.keep(history.make(cohort, "described")) is first
    assert len(history) == 3


@pytest.mark.parametrize(
    ("versions", "there"),
    [(1, "there is only version 1"), (2, "there are 1 to 2"), (3, "there are 1 to 3")],
)
def test_a_number_that_is_none_says_which_there_are(
    cohort: Cohort, versions: int, there: str
) -> None:
    history = History()
    for number in range(versions):
        history.keep(history.make(titled(cohort, str(number)), "edited"))
    for number in (-1, 0, versions + 1):
        with pytest.raises(SettingError) as raised:
            history[number]
        assert str(raised.value) == f"there is no version {number}: {there}"


def test_the_last_version_of_a_text_is_found(cohort: Cohort) -> None:
    history = History()
    history.keep(history.make(told(cohort, "Adults"), "described"))
    last = history.keep(history.make(told(titled(cohort, "Other"), "Adults"), "described"))
    history.keep(history.make(told(titled(cohort, "Third"), "Adults"), "edited"))
    assert history.described("Adults") is last
    assert history.described("Adult") is None
