"""How rows are asked for: how many at once, and what of the request is left out on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synth_magic.errors import SettingError

if TYPE_CHECKING:
    from synth_magic.engines.settings import Settings

PARTS: Mapping[str, str] = {
    "name": "the name of the database",
    "description": "what is said of the database",
    "labels": "the description and unit of each variable",
    "example": "the example patient",
    "shuffling": "the order of the variables, new in each request",
}
"""What can be left out, to see what it is good for: the ablation."""


@dataclass(frozen=True, slots=True)
class Method:
    """Rows in each request, the database's name, and which PARTS are left out."""

    rows_per_request: int = 10
    database: str = ""
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Method:
        """Return the method of these settings.

        Raises SettingError where a name is to be left out that was not given.
        """
        if "name" in settings.without and not settings.database:
            raise SettingError(
                "there is no name of the database to leave out: give it with the setting database"
            )
        return cls(settings.rows_per_request, settings.database, settings.without)

    def to_dict(self) -> dict[str, Any]:
        """Return what a recorded answer is looked up by."""
        return {
            "rows_per_request": self.rows_per_request,
            "database": self.database,
            "without": sorted(self.without),
        }
