"""Engines turn a description into a specification. Importing this imports none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from synth_magic.errors import SettingError, did_you_mean

if TYPE_CHECKING:
    from synth_magic.description.model import Description
    from synth_magic.engines.answer import Answer

    Engine: TypeAlias = Callable[[Description], Answer]

ENGINES = ("auto", "offline")
_LATER = ("claude", "recorded")


def choose(name: str) -> Engine:
    """Return the engine of this name; `auto` is the offline one as long as there is no other.

    Raises SettingError for a name that is no engine of this version.
    """
    if name not in ENGINES:
        allowed = " or ".join(repr(engine) for engine in ENGINES)
        if not isinstance(name, str):
            raise SettingError(f"an engine is named by its text, not by {name!r}; use {allowed}")
        if name in _LATER:
            raise SettingError(f"the engine {name!r} is not in this version; use {allowed}")
        raise SettingError(
            f"there is no engine {name[:80]!r}{did_you_mean(name, ENGINES)}; use {allowed}"
        )
    from synth_magic.engines.offline.elicit import elicit

    return elicit
