"""What `%synthpatients status` says: versions, who would answer, what was spent, what was made."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator

from synth_magic import __version__
from synth_magic.engines.settings import Settings
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.words import counted


def status(settings: Settings, bindings: Iterable[Binding]) -> str:
    """Return the lines of the status."""
    from importlib import metadata

    versions = [f"{name} {metadata.version(name)}" for name in ("ipython", "pandas", "numpy")]
    version = f"synth_magic {__version__}, Python {platform.python_version()}"
    return "\n".join([f"{version}, {', '.join(versions)}", *_engine(settings), *_made(bindings)])


def _engine(settings: Settings) -> Iterator[str]:
    from synth_magic.engines.claude import credentials
    from synth_magic.engines.claude.budget import SESSION

    yield f"engine: {settings.engine}"
    yield f"model: {settings.model}" + (f", effort {settings.effort}" if settings.effort else "")
    if not credentials.found(settings):
        yield "credentials: none found (%synthpatients login)"
    else:
        own = credentials.asks_anthropic(settings)
        yield "credentials: found" + ("" if own else ", or not needed by your own server")
    spent = SESSION.spent.tokens
    yield f"tokens: {spent:,} of {settings.token_budget:,} taken in this session"
    yield f"recordings: {settings.recordings or 'none'}"


def _made(bindings: Iterable[Binding]) -> Iterator[str]:
    for binding in bindings:
        cohort = binding.cohort
        otherwise = "deleted" if binding.deleted else "the name stands for something else"
        now = "" if binding.in_place else f" ({otherwise} by now)"
        version = f"version {binding.version.number} of {len(binding.history)}"
        patients = f"{counted(cohort.rows, 'patient')}, seed {cohort.seed}"
        yield f"{binding.name}: {patients}, {version}{now}"
        yield f"    {cohort.origin.summary}"
