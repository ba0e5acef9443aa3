"""Who the patients are, as far as the catalogue knows such patients."""

from __future__ import annotations

from dataclasses import dataclass

from synth_magic.catalogue.entries import Condition


@dataclass(frozen=True, slots=True)
class Setting:
    """What a description says of its patients as a whole, beside figures.

    `conditions` are the diseases, procedures, settings and regions that all patients share, the
    foremost first. `year` is about when they were seen and `followup_years` for how long on
    average; 0 where nothing is said. `only` is the one sex that they have, or empty. `all_ages` if
    they are children and adults.
    """

    conditions: tuple[Condition, ...] = ()
    year: float = 0
    followup_years: float = 0
    only: str = ""
    children: bool = False
    all_ages: bool = False

    @property
    def years_followed(self) -> float:
        """For how long patients are followed: as it is said, else three years, which is assumed."""
        return self.followup_years or 3.0
