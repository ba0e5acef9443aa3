"""A key for a language model, typed where nothing shows or keeps it."""

from __future__ import annotations

import getpass
import warnings
from collections.abc import Sequence

from IPython.core.error import StdinNotImplementedError, UsageError

from synth_magic.engines.settings import Settings
from synth_magic.errors import CredentialsError


def login(words: Sequence[str], settings: Settings) -> str:
    """Ask for a key behind a mask, keep it in this process, and return what was done.

    No name here holds the key: a traceback may show the values of names. Raises UsageError for
    `words` on the magic's line, which may be a key, CredentialsError where nothing can be typed or
    what is typed is none, SettingError for an address in the environment that is none.
    """
    from synth_magic.engines.claude import credentials

    if words:
        raise UsageError(
            "write %synthpatients login alone: it asks for the key behind a mask. A key in a cell "
            "stays in the notebook and in its history: clear this cell, and replace that key"
        )
    address = credentials.server(settings)
    server = "the Anthropic API" if address == credentials.ANTHROPIC else address
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
            credentials.remember(getpass.getpass(f"Key for {server}: "), settings.base_url)
    except (StdinNotImplementedError, EOFError, getpass.GetPassWarning):
        raise CredentialsError(
            "nothing can be typed here, so no key was taken: set the environment variable "
            "ANTHROPIC_API_KEY before Jupyter starts"
        ) from None
    except CredentialsError as error:
        raise CredentialsError(f"no key was taken: {error}") from None
    return f"The key for {server} is kept in this process and nowhere else: a restart forgets it."
