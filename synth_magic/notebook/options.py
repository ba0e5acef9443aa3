"""The words on the magic's line: names and numbers, checked before anything is asked or drawn."""

from __future__ import annotations

import keyword
import unicodedata
from argparse import ArgumentParser, Namespace

from IPython.core.error import UsageError
from IPython.core.magic_arguments import MagicArgumentParser

from synth_magic.errors import SettingError, did_you_mean

SUBCOMMANDS = ("status", "help")
RESERVED = ("history", "diff", "restore", "prompt", "spec", "catalogue", "login")
"""Sub-commands of later versions, not to be taken as names today."""

_IPYTHONS_OWN = {"In", "Out", "_", "__", "___", "exit", "get_ipython", "quit"}


def read_line(parser: MagicArgumentParser, line: str) -> Namespace:
    """Return the options and NAME of a line, quotes round them stripped, or raise UsageError."""
    options: Namespace
    options, unknown = parser.parse_argstring(line, partial=True)
    for word in unknown:
        if word.startswith("-"):
            known = option_strings(parser)
            near = did_you_mean(word.partition("=")[0], known)
            raise UsageError(f"unknown option {word}{near}; the options are {', '.join(known)}")
    if unknown:
        raise UsageError(f"one NAME is enough: {options.name!r} is followed by {unknown[0]!r}")
    for option, value in vars(options).items():
        if isinstance(value, str):
            setattr(options, option, _unquoted(value))
    return options


def option_strings(parser: ArgumentParser) -> list[str]:
    """Return the options of a parser, as they are written."""
    actions = parser._get_optional_actions()
    return [string for action in actions for string in action.option_strings]


def python_name(name: str) -> str:
    """Return a NAME as Python spells it, or raise UsageError if nothing can be bound to it."""
    spelt = unicodedata.normalize("NFKC", name)
    if spelt in (*SUBCOMMANDS, *RESERVED):
        raise UsageError(f"{name!r} is a sub-command (%synthpatients {name}): choose another NAME")
    if not spelt.isidentifier() or keyword.iskeyword(spelt):
        raise UsageError(f"{name!r} cannot name a variable: write letters, digits and underscores")
    if spelt in _IPYTHONS_OWN:
        raise UsageError(f"{name!r} is used by IPython itself: choose another NAME")
    return spelt


def whole_number(setting: str, value: object) -> int:
    """Return an option's or %config's value as an int, or raise SettingError."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(value if isinstance(value, str) else "")
    except ValueError:
        raise SettingError(f"{setting} must be a whole number, not {value!r}") from None


def text(setting: str, value: object) -> str:
    """Return an option's or %config's value if it is text, or raise SettingError."""
    if not isinstance(value, str):
        raise SettingError(f"{setting} must be text, not {value!r}")
    return value


def _unquoted(word: str) -> str:
    quoted = len(word) > 1 and word[0] == word[-1] and word[0] in "'\""
    return word[1:-1] if quoted else word
