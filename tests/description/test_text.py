from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.description.text import LONGEST, admitted
from synth_magic.errors import DescriptionError


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "a description is text, not NoneType"),
        (b"Adults", "a description is text, not bytes"),
        ("", "the description is empty; write what patients you want"),
        (" \n\t\u00a0\u200b\x00\ufeff", "the description is empty; write what patients you want"),
        (
            "x" * (LONGEST + 1),
            "the description has 500,001 characters; at most 500,000 are allowed",
        ),
        ("Adults.\n\ud83d", "line 2 of the description has half a character (U+D83D)"),
    ],
)
def test_what_is_no_description_is_refused(text: object, message: str) -> None:
    with pytest.raises(DescriptionError, match=re.escape(message)):
        admitted(text)


def test_a_description_may_have_just_so_many_characters() -> None:
    assert admitted("x" * LONGEST) == "x" * LONGEST


@given(st.text(st.sampled_from("a\r\n"), max_size=20).map("a".__add__))
def test_lines_end_as_today_and_every_character_keeps_its_place(text: str) -> None:
    kept = admitted(text)
    assert kept.splitlines() == text.splitlines()
    assert len(kept) == len(text)
    assert "\r" not in kept.replace("\r\n", "")
