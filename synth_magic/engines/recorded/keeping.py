"""What is kept of answers, whatever comes of them, and the words that say where."""

from __future__ import annotations

from pathlib import Path

from synth_magic.engines.recorded.recording import API, OTHER_SERVER, Recording
from synth_magic.engines.recorded.store import Store
from synth_magic.engines.settings import Settings
from synth_magic.errors import (
    AnswerError,
    BudgetError,
    CallError,
    CredentialsError,
    FileError,
    SynthMagicError,
)

_REASONS: dict[type[BaseException], str] = {
    KeyboardInterrupt: "It was interrupted.",
    BudgetError: "The next call might have taken more tokens than the session may.",
    CallError: "A call failed before the answer was whole.",
    CredentialsError: "The key was refused.",
}
"""Not the words of the error: they may name a server."""


def saved(store: Store, recording: Recording) -> tuple[str, tuple[str, ...]]:
    """Return the name of the recording's file, and a remark where none could be written."""
    try:
        return store.save(recording), ()
    except FileError as err:
        return "", (f"Running this again asks the model again: {err}.",)


def kept(store: Store, unfinished: Recording) -> str:
    """Keep what cannot be used, and return the sentence that says where."""
    if not store.folder:
        return "What the model wrote is not kept, for no folder of recordings is set."
    try:
        name = store.keep(unfinished)
    except FileError as err:
        return f"What the model wrote is not kept: {err}."
    return f"What the model wrote is kept in {Path(store.folder) / name}."


def add(err: BaseException, sentence: str) -> None:
    """Add a sentence to what an error says."""
    if isinstance(err, SynthMagicError | KeyboardInterrupt):
        said = str(err)
        if said and not said.endswith("."):
            said += "."
        err.args = (f"{said} {sentence}".lstrip(), *err.args[1:])
    else:
        err.add_note(sentence)


def reason(err: BaseException) -> str:
    """Return why an answer is unfinished, without the words of an error that may name a server."""
    if isinstance(err, AnswerError):
        return str(err)
    known = (reason for kind, reason in _REASONS.items() if isinstance(err, kind))
    return next(known, f"{type(err).__name__}.")


def server(settings: Settings) -> str:
    """Return who is asked, in words: the address is nobody's business but the user's."""
    from synth_magic.engines.claude.credentials import asks_anthropic

    return API if asks_anthropic(settings) else OTHER_SERVER
