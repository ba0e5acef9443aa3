from __future__ import annotations

import pytest
from IPython.core.error import UsageError

from synth_magic.errors import SettingError
from synth_magic.notebook.options import RESERVED, SUBCOMMANDS, python_name, text, whole_number


@pytest.mark.parametrize("name", ["diabetics", "Größe", "_private", "match"])
def test_what_python_can_bind_is_a_name(name: str) -> None:
    assert python_name(name) == name


def test_a_name_is_spelt_as_python_would_look_it_up() -> None:
    namespace: dict[str, object] = {}
    exec("ﬁve = 5", namespace)
    assert python_name("ﬁve") in namespace


@pytest.mark.parametrize("name", ["2d", "class", "None", "my cohort", "d.x", "d's", "_", "Out"])
def test_other_words_are_no_names(name: str) -> None:
    with pytest.raises(UsageError, match=r"write letters|choose another"):
        python_name(name)


@pytest.mark.parametrize("word", [*SUBCOMMANDS, *RESERVED])
def test_no_patients_are_named_like_a_subcommand(word: str) -> None:
    with pytest.raises(UsageError, match="sub-command"):
        python_name(word)


@pytest.mark.parametrize("value", [500, " 500 ", "5_00"])
def test_whole_numbers_are_numbers_or_digits(value: object) -> None:
    assert whole_number("--rows", value) == 500


@pytest.mark.parametrize("value", ["many", "5.0", "", 5.5, True, None, [5]])
def test_other_values_are_refused_where_they_stand(value: object) -> None:
    with pytest.raises(SettingError, match=r"--rows must be a whole number, not "):
        whole_number("--rows", value)


def test_text_is_text() -> None:
    assert text("--engine", "offline") == "offline"
    with pytest.raises(SettingError, match=r"%config SynthPatients.engine must be text, not 5"):
        text("%config SynthPatients.engine", 5)
