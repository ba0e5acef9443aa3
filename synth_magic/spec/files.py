"""Files written whole or not at all, and read with clear words where that fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synth_magic.errors import FileError


def read_text(path: Path) -> str:
    """Return the UTF-8 text of a file, or raise FileError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as err:
        raise FileError(f"cannot read {str(path)!r}: it is no UTF-8 text") from err
    except (OSError, ValueError) as err:
        raise FileError(f"cannot read {str(path)!r}: {_reason(err)}") from err


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder; it takes the place of `path` at a normal end.

    After an error the file that stood at `path` is untouched. Raises FileError where the system
    refuses.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    except (OSError, ValueError) as err:
        raise FileError(f"cannot write {str(path)!r}: {_reason(err)}") from err
    finally:
        temporary.unlink(missing_ok=True)


def _reason(err: Exception) -> str:
    return (getattr(err, "strerror", None) or str(err)).lower()
