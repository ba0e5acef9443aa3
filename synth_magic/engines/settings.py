"""The settings of the engines, checked: which, with which model, at what cost, kept where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from synth_magic.engines import project, values
from synth_magic.engines.rows.method import PARTS
from synth_magic.errors import SettingError, did_you_mean

DEFAULT_MODEL = "claude-opus-5-5"
DEFAULT_BUDGET = 500_000
ENGINES = ("auto", "claude", "recorded", "offline")
METHODS = ("specification", "rows", "batch")
EFFORTS = ("low", "medium", "high", "xhigh", "max")

MEANINGS: Mapping[str, str] = {
    "engine": "auto, claude, recorded or offline (auto)",
    "model": f"the model that is asked ({DEFAULT_MODEL})",
    "effort": "how much it thinks: low, medium, high, xhigh or max (high)",
    "max_tokens": "the longest answer, thinking included (64000)",
    "token_budget": "tokens that this session may take, in and out (500000)",
    "recordings": "the folder of recorded answers (.synthpatients)",
    "base_url": "a server that speaks the Messages API (Anthropic's)",
    "timeout": "seconds of silence before giving up (120)",
    "method": "specification, rows, or batch: rows at half the price (specification)",
    "rows_per_request": "patients in each request of the rows method, at most 100 (10)",
    "requests_at_once": "requests of the rows method at a time, at most 20 (4)",
    "database": "for the rows method, the name of the database (none)",
    "without": "leave out of it name, description, labels, example, shuffling (none)",
}
"""What a user may set for good, in the words of every help; the defaults in brackets."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides who answers.

    `engine` is auto, claude, recorded or offline; `effort` how much the model thinks (empty: its
    own default); `max_tokens` the longest answer, thinking included; `token_budget` how many
    tokens, in and out, this session may take; `recordings` the folder of recorded answers (empty:
    none are read or kept); `base_url` a server that speaks the Messages API (empty: Anthropic's, or
    what ANTHROPIC_BASE_URL says); `timeout` the seconds of silence after which a call is given up;
    `method` is specification, rows or batch (rows by the Message Batches API); of the rows method,
    `rows_per_request` patients are written in each of `requests_at_once` requests at a time,
    `database` is the name of the database, and `without` names parts of the request that are left
    out on purpose. `fresh` asks anew, whatever was made or recorded.
    """

    engine: str = "auto"
    model: str = DEFAULT_MODEL
    effort: str = "high"
    max_tokens: int = 64_000
    token_budget: int = DEFAULT_BUDGET
    recordings: str = ".synthpatients"
    base_url: str = ""
    timeout: float = 120.0
    method: str = "specification"
    rows_per_request: int = 10
    requests_at_once: int = 4
    database: str = ""
    without: tuple[str, ...] = ()
    fresh: bool = False

    @property
    def writes_rows(self) -> bool:
        """Whether the model writes the patients, not their specification."""
        return self.method != "specification"

    @classmethod
    def of(cls, **given: Any) -> Settings:
        """Return the settings given (None: not given), then those of pyproject.toml, then defaults.

        Raises SettingError for a value that means nothing and for a table that cannot be read.
        """
        names = [field.name for field in fields(cls)]
        for name in given:
            if name not in names:
                known = ", ".join(names)
                near = did_you_mean(name, names)
                raise SettingError(f"there is no setting {name!r}{near}; the settings are {known}")
        said = {name: value for name, value in given.items() if value is not None}
        found = {name: checked(name, value, name) for name, value in said.items()}
        return cls(**_of_project(found) | found)


_CHECKS: Mapping[str, Callable[[str, object], Any]] = {
    "engine": partial(values.one_of, ENGINES),
    "model": values.model,
    "effort": partial(values.one_of, ("", *EFFORTS)),
    "max_tokens": partial(values.whole_number_from, 1),
    "token_budget": partial(values.whole_number_from, 0),
    "recordings": values.folder,
    "base_url": values.address,
    "timeout": values.seconds,
    "fresh": values.yes_or_no,
    "method": partial(values.one_of, METHODS),
    "rows_per_request": partial(values.whole_number_within, 1, 100),
    "requests_at_once": partial(values.whole_number_within, 1, 20),
    "database": values.one_line,
    "without": partial(values.some_of, tuple(PARTS)),
}


def checked(name: str, value: object, where: str) -> Any:
    """Return the value of a setting as `Settings` holds it.

    `where` is what the user wrote, for the message of the SettingError: `--effort`, say.
    """
    return _CHECKS[name](where, value)


def option(name: str) -> str:
    """Return a setting's name as an option: `--max-tokens`."""
    return f"--{name.replace('_', '-')}"


def _of_project(instead: Mapping[str, Any]) -> dict[str, Any]:
    """Return what pyproject.toml says, but for what is said elsewhere `instead`."""
    found: dict[str, Any] = {}
    table = project.table()
    for key, value in table.entries.items():
        if key not in MEANINGS:
            raise SettingError(
                f"[tool.synth_magic] in {str(table.path)!r} knows no {key!r}"
                f"{did_you_mean(key, MEANINGS)}; its settings are {', '.join(MEANINGS)}"
            )
        if key not in instead:
            where = f"{key} in {str(table.path)!r}"
            found[key] = _of_stranger(key, checked(key, value, where), where, table)
    return found


def _of_stranger(key: str, value: Any, where: str, table: project.Table) -> Any:
    """Refuse what a cloned project must not decide: where the key goes, where files are written."""
    if key == "base_url":
        return project.own_address(where, value)
    if key == "token_budget" and value > DEFAULT_BUDGET:
        raise SettingError(
            f"{where} is {value:,}: a project may only lower the budget of "
            f"{DEFAULT_BUDGET:,}; raise it yourself with --token-budget or %config"
        )
    return project.inner_folder(where, value, table.path.parent) if key == "recordings" else value
