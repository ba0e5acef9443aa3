"""`%synthpatients spec NAME [V] [FILE]`: a specification as JSON, shown or written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from synth_magic.errors import FileError
from synth_magic.notebook.commands.arguments import USAGES, version_of

if TYPE_CHECKING:
    from synth_magic.notebook.binding import Binding
    from synth_magic.spec import CohortSpec


def spec(binding: Binding, words: Sequence[str]) -> dict[str, str]:
    """Return the JSON, or say where it was written. Raises SettingError, UsageError, FileError."""
    version, rest = binding.version, list(words)
    if rest and _is_number(rest[0]):
        version = version_of(binding, rest.pop(0))
    if not rest:
        return {"text/plain": version.cohort.spec.to_json()}
    if len(rest) > 1:
        raise UsageError(f"write %synthpatients {USAGES['spec']}: {rest[0]!r} is no version")
    path = Path(rest[0]).expanduser()
    return {"text/plain": _written(version.cohort.spec, path, f"Version {version.number}")}


def _is_number(word: str) -> bool:
    return word.lstrip("+-").isdecimal()


def _written(specification: CohortSpec, path: Path, what: str) -> str:
    """Write the file unless it is there, and say so. Raises FileError for one with other words."""
    from synth_magic.spec.files import read_text

    if path.exists():
        if not path.is_file() or read_text(path) != specification.to_json():
            raise FileError(f"{str(path)!r} is there already and holds something else")
        return f"{what} stands in {path} already."
    specification.write(path)
    return f"{what} is written to {path}; sm.CohortSpec.read({str(path)!r}) reads it again."
