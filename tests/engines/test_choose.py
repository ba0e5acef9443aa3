"""Engines by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from synth_magic.engines import ENGINES, choose
from synth_magic.errors import SettingError

LIGHT = """
import sys
import synth_magic.engines
assert not {"numpy", "scipy", "pandas", "tomllib"} & set(sys.modules)
"""


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_turns_a_description_into_an_answer(name: str) -> None:
    from synth_magic.description.parse import parse

    answer = choose(name)(parse("Adults, 40% smokers."))
    assert answer.origin.engine == "offline"
    assert "no language model was asked" in answer.origin.summary


def test_an_unknown_engine_has_a_near_name_and_the_list() -> None:
    with pytest.raises(SettingError, match=r"'ofline' \(did you mean 'offline'\?\).*'auto' or"):
        choose("ofline")


@pytest.mark.parametrize("name", ["claude", "recorded"])
def test_an_engine_of_a_later_version_says_so(name: str) -> None:
    with pytest.raises(SettingError, match=f"'{name}' is not in this version; use 'auto'"):
        choose(name)


def test_importing_the_engines_loads_none() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True)
