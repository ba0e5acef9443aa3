"""Text in specifications: which characters it may have, and how messages show it."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_NAME = 500
_LISTED = 8

# C0 and C1 controls, line and paragraph separators, and halves of surrogate pairs
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def is_one_line(text: str) -> bool:
    """Whether `text` can be written in one line of UTF-8: no control characters, no line breaks."""
    return _UNWRITABLE.search(text) is None


def shown(text: str, width: int = 60) -> str:
    """Return `text` quoted for a message, cut to `width` characters, controls escaped."""
    return repr(text if len(text) <= width else text[: width - 1] + "…")


def listed(words: Sequence[str]) -> str:
    """Return the words quoted and joined for a message, the first few if there are many."""
    first = ", ".join(shown(word, 30) for word in words[:_LISTED])
    return f"{first} and {len(words) - _LISTED} more" if len(words) > _LISTED else first


def located(path: str, name: str) -> str:
    """Return a path in a specification with the name of what it leads to."""
    return f"{path} ({shown(name)})" if name else path


def figure(number: float) -> str:
    """Return a number for a message, without needless decimals."""
    return f"{number:.10g}"
