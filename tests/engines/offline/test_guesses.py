"""What is unknown is guessed by its name or unit, and says that it is a guess."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synth_magic.engines.offline.guesses import is_guess, kind_of
from synth_magic.engines.offline.numbers import guess as guessed
from synth_magic.engines.offline.subjects import read
from tests.engines.offline.builders import entry, facts, made, named, share_of, values


@pytest.mark.parametrize(
    ("name", "unit", "kind"),
    [
        ("number of flumbars", "", "a count"),
        ("flumbar_share", "%", "a percentage"),
        ("flumbar", "days", "days"),
        ("weeks_to_flumbar", "", "weeks"),
        ("flumbar grobble ratio", "", "a ratio"),
    ],
)
def test_a_name_or_a_unit_says_what_kind_of_number_it_is(name: str, unit: str, kind: str) -> None:
    variable = named(name, unit=unit)
    found = kind_of(variable)
    assert found is not None
    assert found[0] == kind
    guess = made(variable)
    assert is_guess(guess)
    assert kind in guess.basis
    assert values(guess.marginal).min() >= 0


def test_the_unit_says_more_than_the_name() -> None:
    found = kind_of(named("number of days", unit="weeks"))
    assert found is not None
    assert found[0] == "weeks"


@pytest.mark.parametrize("name", ["flumbar", "birthdays", "counter"])
def test_other_words_say_nothing(name: str) -> None:
    assert kind_of(named(name)) is None


def test_what_is_stated_counts_for_more_than_the_kind() -> None:
    guess = made(named("number of flumbars"), facts("number of flumbars", mean=40))
    assert np.mean(values(guess.marginal)) == pytest.approx(40, rel=0.05)
    bounded = made(named("number of flumbars", low=50, high=60))
    assert values(bounded.marginal).min() >= 50


def test_most_patients_lack_what_is_recorded_as_yes_or_no() -> None:
    guess = made(named("flumbar", type="binary"))
    assert is_guess(guess)
    assert share_of(guess.marginal, "yes") < 0.5


def test_figures_of_the_catalogue_are_no_guess_though_they_are_assumed() -> None:
    known = made(named("bmi"))
    assert not is_guess(known)
    assert not is_guess(replace(known, provenance="assumed"))


@pytest.mark.parametrize("name", ["haq", "sodium", "stents", "meld", "nihss", "icu_days"])
def test_a_guess_lies_within_the_bounds_of_what_it_is(name: str) -> None:
    known = entry(name)
    assert known.bounds is not None
    guess, _ = guessed(read(named(name), (), children=True))
    drawn = values(guess)
    assert min(known.bounds[0], 0) <= drawn.min()
    assert drawn.max() <= known.bounds[1]


def test_bounds_that_are_stated_come_before_those_of_the_entry() -> None:
    score = read(named("mmse", low=10, high=20), (), children=True)
    drawn = values(guessed(score)[0])
    assert drawn.min() >= 10
    assert drawn.max() <= 20
