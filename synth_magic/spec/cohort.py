"""The specification of a cohort: one patient's joint distribution, as JSON and as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from synth_magic.errors import SettingError, SpecificationError, Violation, did_you_mean
from synth_magic.spec import codec
from synth_magic.spec.files import read_text, replacing
from synth_magic.spec.layout import readable_json
from synth_magic.spec.model import Association, Fact, MissingGroup, Provenance, Rule, Variable
from synth_magic.spec.text import shown

if TYPE_CHECKING:
    import pandas as pd

    from synth_magic.learning.reading import Types
    from synth_magic.spec.difference import Difference


@dataclass(frozen=True, slots=True)
class CohortSpec:
    """The joint distribution of one patient's recorded variables.

    `draw_order` names variables and missing groups in the order of their first appearance across
    versions; names that it lacks follow in their own order.
    """

    title: str
    population: str
    variables: tuple[Variable, ...]
    associations: tuple[Association, ...] = ()
    missing_groups: tuple[MissingGroup, ...] = ()
    rules: tuple[Rule, ...] = ()
    facts: tuple[Fact, ...] = ()
    draw_order: tuple[str, ...] = ()
    version: int = 1

    @classmethod
    def from_json(cls, text: str) -> CohortSpec:
        """Return the specification that `text` states, or raise SpecificationError."""
        return cls.from_dict(_parsed(text))

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> CohortSpec:
        """Return the specification of a parsed JSON document, or raise SpecificationError."""
        from synth_magic.spec.structure import structural_violations
        from synth_magic.spec.validation import meaning_violations

        if faults := structural_violations(document):
            raise SpecificationError(faults)
        spec = codec.from_dict(cls, document)
        if faults := meaning_violations(spec):
            raise SpecificationError(faults)
        return spec

    @classmethod
    def fit(
        cls,
        frame: pd.DataFrame,
        *,
        title: str = "",
        population: str = "",
        types: Types | None = None,
        smallest: int = 5,
        synthetic: bool | None = None,
        provenance: Provenance = "data",
    ) -> CohortSpec:
        """Return the specification of patients like those in the rows of a DataFrame.

        `types` says for a column what cannot be seen in it: a type, or its codes from low to high.
        No figure rests on fewer than `smallest` patients: extremes and rare codes are coarsened.
        Rows that this package did not draw are taken for real, with a RealDataWarning, unless
        `synthetic` is True. More is said in `synth_magic.learning.fit`. Raises SettingError for a
        frame that nothing can be learnt from.
        """
        from synth_magic.learning import fit

        return fit(
            frame,
            title=title,
            population=population,
            types=types,
            smallest=smallest,
            synthetic=synthetic,
            provenance=provenance,
        )

    @classmethod
    def read(cls, path: str | Path) -> CohortSpec:
        """Read a file that `write` wrote. Raises FileError or SpecificationError."""
        return cls.from_json(read_text(Path(path)))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document: dictionaries and lists."""
        return codec.to_dict(self)

    def to_json(self) -> str:
        """Return JSON for people to read; `from_json` gives back exactly this specification."""
        return readable_json(self.to_dict()) + "\n"

    def write(self, path: str | Path) -> None:
        """Write the JSON to a file, whole or not at all. Raises FileError."""
        text = self.to_json()
        with replacing(Path(path)) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")

    def variable(self, name: str) -> Variable:
        """Return the variable of this name, or raise SettingError with the nearest name."""
        for variable in self.variables:
            if variable.name == name:
                return variable
        near = did_you_mean(name, [variable.name for variable in self.variables])
        raise SettingError(f"there is no variable {shown(name)}{near}")

    def diff(self, other: CohortSpec) -> Difference:
        """Return what changes, by meaning, from this specification to `other`."""
        from synth_magic.spec.difference import diff

        return diff(self, other)

    def violations(self) -> tuple[Violation, ...]:
        """Return everything that is wrong with this specification; nothing if it is valid."""
        from synth_magic.spec.structure import structural_violations
        from synth_magic.spec.validation import meaning_violations

        return structural_violations(self.to_dict()) or meaning_violations(self)

    def validate(self) -> None:
        """Raise SpecificationError listing every violation, if there is any."""
        if violations := self.violations():
            raise SpecificationError(violations)


def _parsed(text: str) -> Any:
    def refuse_constant(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is no number that JSON knows")

    if not isinstance(text, str):
        raise _no_json("the text", f"it is a {type(text).__name__}")
    try:
        return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as err:
        where = f"line {err.lineno}, column {err.colno}"
        raise _no_json(where, err.msg) from err
    except (ValueError, RecursionError) as err:
        raise _no_json("the text", str(err)) from err


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the property {shown(repeated)} stands twice in one object")
    return document


def _no_json(where: str, reason: str) -> SpecificationError:
    return SpecificationError([Violation(where, f"this is no JSON: {reason}", "write valid JSON")])
