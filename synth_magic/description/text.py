"""What text can be a description at all, and where its lines end."""

from __future__ import annotations

import re

from synth_magic.description.layout import line_number
from synth_magic.errors import DescriptionError

LONGEST = 500_000
"""Characters that a description may have."""

_EMPTY = """the description is empty; write what patients you want, for example:

Adults with type 2 diabetes, aged 40-85, 56% male.
HbA1c around 7.4% (SD 1.3), 12% smokers."""
_HALF = re.compile("[\ud800-\udfff]")


def admitted(text: object) -> str:
    """Return a description with line ends of today; every character keeps its place.

    Raises DescriptionError for what is no text, is empty, is too long, or cannot be stored.
    """
    if not isinstance(text, str):
        raise DescriptionError(f"a description is text, not {type(text).__name__}")
    if len(text) > LONGEST:
        raise DescriptionError(
            f"the description has {len(text):,} characters; at most {LONGEST:,} are allowed"
        )
    if not any(character.isprintable() and character != " " for character in text):
        raise DescriptionError(_EMPTY)
    text = re.sub(r"\r(?!\n)", "\n", text)
    if half := _HALF.search(text):
        raise DescriptionError(
            f"line {line_number(text, half.start())} of the description has half a character "
            f"(U+{ord(half[0]):04X}), which no file can hold; leave it out"
        )
    return text
