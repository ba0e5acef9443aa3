"""The words on the magic's line: names and numbers, checked before anything is asked or drawn."""

from __future__ import annotations

import keyword
import unicodedata
from argparse import ArgumentParser, Namespace

from IPython.core.error import UsageError
from IPython.core.magic_arguments import ArgDecorator, MagicArgumentParser

from synth_magic.engines.settings import MEANINGS, option
from synth_magic.errors import did_you_mean

SUBCOMMANDS = ("status", "login", "help")
RESERVED = ("history", "diff", "restore", "prompt", "spec", "catalogue")
"""Sub-commands of later versions, not to be taken as names today."""

_IPYTHONS_OWN = {"In", "Out", "_", "__", "___", "exit", "get_ipython", "quit"}


class setting_options(ArgDecorator):  # noqa: N801 - written as a decorator, as IPython's are
    """The settings of the engines, as options of a magic."""

    def add_to_parser(self, parser: ArgumentParser, group: object) -> None:
        """Add an option for each."""
        for name, meaning in MEANINGS.items():
            parser.add_argument(option(name), metavar=name[0].upper(), help=meaning)


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
    for attribute, value in vars(options).items():
        if isinstance(value, str):
            setattr(options, attribute, _unquoted(value))
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


def line_of(name: str, options: Namespace) -> str:
    """Return the magic's line that makes the same patients, but for rows and seed."""
    words = ["%%synthpatients", name]
    for setting in (*MEANINGS, "example"):
        value = getattr(options, setting)
        if value is not None:
            words += [option(setting), _quoted(value)]
    return " ".join([*words, "--large"] if options.large else words)


def _quoted(word: str) -> str:
    if word and not any(letter.isspace() for letter in word):
        return word
    return f"'{word}'" if '"' in word else f'"{word}"'


def _unquoted(word: str) -> str:
    quoted = len(word) > 1 and word[0] == word[-1] and word[0] in "'\""
    return word[1:-1] if quoted else word
