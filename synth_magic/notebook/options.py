"""The words on the magic's line: names and numbers, checked before anything is asked or drawn."""

from __future__ import annotations

import builtins
import keyword
import unicodedata
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from inspect import isclass, isroutine
from types import ModuleType

from IPython.core.error import UsageError
from IPython.core.magic_arguments import ArgDecorator, MagicArgumentParser, MagicHelpFormatter
from IPython.utils.process import arg_split  # type: ignore[attr-defined]

from synth_magic.engines.settings import MEANINGS, option
from synth_magic.errors import did_you_mean

SUBCOMMANDS = (
    "status", "login", "history", "diff", "restore", "prompt", "spec", "catalogue", "help",
)  # fmt: skip

_OF_COLUMNS = {
    "target": ("COLUMN", "what models are to predict"),
    "keys": ("A,B", "columns that one may know"),
    "sensitive": ("C", "columns to guess by them"),
    "codes": ("D,E", "numbers that are codes"),
    "leave_out": ("F,G", "columns that are not compared"),
}
COMPARED = ("against", *_OF_COLUMNS, "splits")

_IPYTHONS_OWN = {"In", "Out", "_", "__", "___", "exit", "get_ipython", "quit"}


class setting_options(ArgDecorator):  # noqa: N801 - written as a decorator, as IPython's are
    """The settings of the engines, as options of a magic."""

    def add_to_parser(self, parser: ArgumentParser, group: object) -> None:
        """Add an option for each."""
        for name, meaning in MEANINGS.items():
            parser.add_argument(option(name), metavar=name[0].upper(), help=meaning)


class comparison_options(ArgDecorator):  # noqa: N801 - written as a decorator, as IPython's are
    """What a comparison is told, as options of a magic."""

    def add_to_parser(self, parser: ArgumentParser, group: object) -> None:
        """Add an option for each."""
        parser.add_argument(
            "--against", metavar="REAL", help="your variable of real patients to compare with"
        )
        for name, (columns, meaning) in _OF_COLUMNS.items():
            parser.add_argument(option(name), metavar=columns, help=f"of --against: {meaning}")
        parser.add_argument("--splits", metavar="N", help="of --against: how often it is split (1)")


class HelpFormatter(MagicHelpFormatter):
    """IPython's help, which would write an option whose value may be left out as `<[WORDS]>`."""

    def _format_args(self, action: Action, default_metavar: str) -> str:
        return str(action.metavar or super()._format_args(action, default_metavar))


def settings_of(options: Namespace) -> dict[str, str]:
    """Return the settings that stand on the line."""
    given = {name: getattr(options, name) for name in MEANINGS}
    return {name: value for name, value in given.items() if value is not None}


def split(line: str) -> list[str]:
    """Return the words of a line, without quotes round them, or raise UsageError."""
    return [unquoted(word) for word in arg_split(line, strict=False)]


def read_line(parser: MagicArgumentParser, line: str) -> Namespace:
    """Return the options and NAME of a line, quotes round them stripped, or raise UsageError."""
    options: Namespace
    options, unknown = parser.parse_argstring(line, partial=True)
    for word in unknown:
        if word.startswith("-"):
            known = option_strings(parser)
            near = did_you_mean(word.partition("=")[0], known)
            raise UsageError(f"unknown option {word}{near}; the options are {', '.join(known)}")
    if unknown and options.refine:
        raise UsageError('put quotes round the words of the change: --refine "make them older"')
    if unknown:
        python_name(unquoted(options.name))
        raise UsageError(f"one NAME is enough: {options.name!r} is followed by {unknown[0]!r}")
    for attribute, value in vars(options).items():
        if isinstance(value, str):
            setattr(options, attribute, unquoted(value))
    return options


def option_strings(parser: ArgumentParser) -> list[str]:
    """Return the options of a parser, as they are written."""
    actions = parser._get_optional_actions()
    return [string for action in actions for string in action.option_strings]


def python_name(name: str) -> str:
    """Return a NAME as Python spells it, or raise UsageError if nothing can be bound to it."""
    spelt = unicodedata.normalize("NFKC", name)
    if spelt in SUBCOMMANDS:
        raise UsageError(f"{name!r} is a sub-command (%synthpatients {name}): choose another NAME")
    if not spelt.isidentifier() or keyword.iskeyword(spelt):
        raise UsageError(f"{name!r} cannot name a variable: write letters, digits and underscores")
    if spelt in _IPYTHONS_OWN:
        raise UsageError(f"{name!r} is used by IPython itself: choose another NAME")
    return spelt


def free_name(name: str, namespace: Mapping[str, object]) -> str:
    """Return a NAME as Python spells it, or raise UsageError if it is a module's or a function's.

    Any other value gives way, as in an assignment.
    """
    spelt = python_name(name)
    value = namespace.get(spelt, getattr(builtins, spelt, None))
    if isinstance(value, ModuleType) or isroutine(value) or isclass(value):
        kind = (
            "module" if isinstance(value, ModuleType) else "class" if isclass(value) else "function"
        )
        raise UsageError(f"{name!r} is a {kind} here: choose another NAME")
    return spelt


def refined_name(options: Namespace, names: Iterable[str]) -> str:
    """Return the NAME whose patients are to be changed, or raise UsageError."""
    if not options.name:
        known = ", ".join(names)
        raise UsageError(
            'write the NAME of the patients before the change: NAME --refine "make them older"'
            + (f"; the names are {known}" if known else "")
        )
    if options.example is not None:
        raise UsageError("--refine takes no --example: the patients are those of NAME")
    return python_name(options.name)


def change_in_words(options: Namespace, body: str | None) -> str:
    """Return the words of a change, from the line or from below it, or raise UsageError."""
    words: str = options.refine
    if body and body.strip():
        if words:
            raise UsageError(
                "write the change after --refine or below the line, not in both places"
            )
        return body
    return words


def line_of(name: str, options: Namespace) -> str:
    """Return the magic's line that makes the same patients, but for rows and seed.

    What they are compared with makes no patient.
    """
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


def unquoted(word: str) -> str:
    """Return a word without the quotes round it, or raise UsageError for half of them."""
    if word[:1] not in ("'", '"'):
        return word
    if len(word) < 2 or word[0] != word[-1]:
        raise UsageError("a quote on the line is not closed")  # not what follows: it may be a key
    return word[1:-1]
