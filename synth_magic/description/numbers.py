"""Numbers as authors print them.

| printed | read as | rule |
|---|---|---|
| `1,234` `1,234.5` `1 234` | 1234, 1234.5, 1234 | commas or spaces before groups of three digits |
| `67.9` `67·9` `.45` | 67.9, 67.9, 0.45 | a full stop or a middle dot starts the decimals |
| `7,4` `1 234,5` `1.234,5` | 7.4, 1234.5, 1234.5 | a comma that cannot start a group of three |
| `−0.5` `–0.5` `-0.5` | -0.5 | a dash that touches the digits and follows no other number |

The two ambiguous ones: `1,234` is a thousand and more (but `0,123` is a decimal), and `1.234` is
one and a bit. `1,2,3` is a list of three numbers.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from synth_magic.errors import DescriptionError

DASH = r"[-\u2010-\u2014\u2212\uFE63\uFF0D]"
SPACE = r"[ \u00A0\u2007\u2009\u202F]"
POINT = r"[.\u00B7\u2219\u22C5]"

_SIGN = rf"(?:(?<![\w.)\]%])(?<![0-9)\]%]{SPACE})(?:{DASH}|\+))?"
_WHOLE = "|".join(
    [
        rf"[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?![0-9])(?:{POINT}[0-9]+)?",
        rf"[1-9][0-9]{{0,2}}(?:{SPACE}[0-9]{{3}})+(?![0-9])(?:(?:{POINT}|,(?![0-9]{{3}}))[0-9]+)?",
        r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+",
        r"(?<![0-9],)(?:0,[0-9]+|[0-9]+,(?:[0-9]{4,}|[0-9]{1,2}))(?![0-9])(?!,[0-9])",
        rf"[0-9]+(?:{POINT}[0-9]+)?",
        rf"{POINT}[0-9]+",
    ]
)
NUMBER = rf"(?:{_SIGN}(?<!\w)(?<![0-9]{POINT})(?:{_WHOLE})(?:[eE][+-]?[0-9]{{1,2}}(?![0-9]))?)"
"""Matches one number, with its sign; has no groups of its own, so that it can be embedded."""


def parse_number(text: str) -> float:
    """Return the value of a number as printed (a match of `NUMBER`); raises DescriptionError."""
    value = float(_plain(text))
    if not math.isfinite(value):
        raise DescriptionError(f"{text[:40]!r} is too large for a number")
    return value


def decimals_of(text: str) -> int:
    """Return how many decimals a printed number shows: `67·90` shows two, `1,234` none."""
    exponent = Decimal(_plain(text)).as_tuple().exponent
    return max(0, -int(exponent))


def _plain(text: str) -> str:
    """Rewrite a printed number in the form that Python reads."""
    number = text.strip()
    if not re.fullmatch(NUMBER, number):
        raise DescriptionError(f"{text!r} is not a number; write it like 7.4 or 1,234")
    number = re.sub(rf"^{DASH}", "-", re.sub(SPACE, "", number))
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9]).*", number):
        number = number.replace(",", "")
    elif "," in number:
        number = number.replace(".", "").replace(",", ".")
    return re.sub(POINT, ".", number)
