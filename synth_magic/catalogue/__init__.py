"""Clinical variables, conditions and associations with their figures and sources, to look through.

`search` finds by words; `variable` and `condition` return one by its name. The files are read when
one of them is first called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synth_magic.catalogue.entries import Condition, Entry
    from synth_magic.catalogue.searching import Hits

__all__ = ["condition", "search", "variable"]


def search(words: str, limit: int = 20) -> Hits:
    """Return the variables, conditions and sources that fit some words, the best first.

    Names, labels, synonyms and codes count; of sources the id and the citation. What fits whole
    stands first, then what begins with the words, then what holds them all; only where there is
    nothing of the kind, words spelt nearly so. At most `limit` are returned: `total` says how many
    there are. Raises SettingError if there is no word, or the limit is below 1.
    """
    from synth_magic.catalogue.searching import found

    return found(words, limit)


def variable(name: str) -> Entry:
    """Return the variable of this name, such as `systolic_bp`.

    Its marginal and limits are in its own `unit`, shares 0-1. Raises SettingError, with the nearest
    names, if there is none.
    """
    from synth_magic.catalogue.searching import variable_named

    return variable_named(name)


def condition(name: str) -> Condition:
    """Return the condition of this name, such as `heart_failure`.

    Its figures are in the units of their variables, shares 0-1, rates per patient-year. Raises
    SettingError, with the nearest names, if there is none.
    """
    from synth_magic.catalogue.searching import condition_named

    return condition_named(name)
