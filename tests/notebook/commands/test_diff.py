from __future__ import annotations

import re
from dataclasses import replace

import pytest

from synth_magic import Cohort
from synth_magic.errors import SettingError
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.commands import diff as module
from synth_magic.notebook.commands.diff import diff
from tests.notebook.commands.conftest import older


def test_two_versions_are_compared_in_words_and_figures(binding: Binding) -> None:
    text = diff(binding, ["1", "2"])["text/plain"]
    assert text.startswith(
        "d: from version 1 (described: Adults with diabetes) to version 2 (edited: age: mean 71)\n"
    )
    assert "\nage: mean 63 → 71; " in text
    assert "\nage: mean 63 -> 71\n" in text
    assert "4 variables unchanged" in text


def test_what_was_achieved_stands_side_by_side(binding: Binding) -> None:
    means = [binding.history[n].cohort.frame()["age"].mean() for n in (1, 2)]
    text = diff(binding, ["1", "2"])["text/plain"]
    head, line = text.partition("\nachieved")[2].splitlines()[:2]
    assert head.strip() == "version 1, 50 patients  version 2, 50 patients"
    assert line.startswith("age: mean ")
    assert [float(word) for word in line.split()[-2:]] == pytest.approx(means, rel=1e-3)


def test_without_numbers_it_is_what_the_present_version_changed(binding: Binding) -> None:
    binding.restore(2)
    assert diff(binding, []) == diff(binding, ["1", "2"])


def test_the_other_way_round_is_the_other_way_round(binding: Binding) -> None:
    assert "age: mean 71 -> 63" in diff(binding, ["2", "1"])["text/plain"]


def test_a_version_is_as_itself(binding: Binding) -> None:
    assert diff(binding, ["2", "2"])["text/plain"].endswith(" 71)\n\nno difference")


def test_what_was_made_from_nothing_has_nothing_to_be_compared_with(
    binding: Binding, bindings: Bindings, cohort: Cohort
) -> None:
    binding.restore(1)
    with pytest.raises(SettingError, match="name the two to compare: %synthpatients diff d A B"):
        diff(binding, [])
    alone = bindings.add("e", cohort.frame())
    with pytest.raises(SettingError, match="made from no other, and there is only this one"):
        diff(alone, [])


@pytest.mark.parametrize(
    ("number", "message"),
    [("4", "there is no version 4: there are 1 to 3"), ("x", "must be a whole number, not 'x'")],
)
def test_a_wrong_number_says_what_is_right(binding: Binding, number: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        diff(binding, ["1", number])


def test_of_many_patients_the_first_are_drawn(bindings: Bindings, cohort: Cohort) -> None:
    large = replace(cohort, rows=30_000)
    binding = bindings.add("d", large.frame())
    binding.change(older(large, 50), "edited", "")
    text = diff(binding, [])["text/plain"]
    assert "version 1, first 20,000 patients  version 2, first 20,000 patients" in text


def test_of_many_changes_the_first_are_listed(
    binding: Binding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 1)
    without = replace(binding.cohort.spec, associations=())
    binding.change(replace(older(binding.cohort, 50), spec=without), "edited", "")
    lines = diff(binding, ["1", "4"])["text/plain"].splitlines()
    assert re.fullmatch(r"… and \d+ more changes", lines[4])
    binding.change(replace(older(binding.cohort, 50)), "edited", "")
    assert re.fullmatch(r"… and \d+ more", diff(binding, ["1", "5"])["text/plain"].splitlines()[-1])


def test_what_a_user_or_a_model_wrote_is_escaped(binding: Binding) -> None:
    html = diff(binding, ["1", "3"])["text/html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
