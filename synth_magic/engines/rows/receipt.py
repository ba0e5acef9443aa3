"""What is left here of batches that were sent: their ids, until their answers are recorded."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from synth_magic.engines.claude.credentials import server
from synth_magic.engines.claude.exchange import is_batch_id
from synth_magic.errors import FileError
from synth_magic.spec.files import replacing

if TYPE_CHECKING:
    from synth_magic.engines.rows.job import Job


@dataclass(frozen=True, slots=True)
class Receipt:
    """The ids in a file, whose name tells by hashes what was asked, in which words, and of whom.

    So an id goes to no other server, and no answer is taken for that to other words. Without a
    folder nothing is kept.
    """

    folder: str
    stem: str

    @classmethod
    def of(cls, job: Job) -> Receipt:
        """Return the receipt of these patients. Raises SettingError for an address that is none."""
        asked = json.dumps([server(job.settings), asdict(job.request(0))])
        words = sha256(asked.encode()).hexdigest()[:8]
        return cls(job.settings.recordings, f"{job.key.stem}-{words}")

    @property
    def batches(self) -> tuple[str, ...]:
        """The ids of the batches, in the order in which they were sent."""
        if not self.folder:
            return ()
        try:
            ids = json.loads(self._path.read_bytes())["batches"]
            return tuple(filter(is_batch_id, ids))
        except (OSError, ValueError, KeyError, TypeError):
            return ()

    def add(self, batch: str) -> None:
        """Keep the id of a batch, if that can be done."""
        self._write((*self.batches, batch))

    def remove(self, batch: str) -> None:
        """Forget a batch."""
        self._write(tuple(other for other in self.batches if other != batch))

    def clear(self) -> None:
        """Forget all of them."""
        if self.folder:
            with suppress(OSError, ValueError):
                self._path.unlink()

    @property
    def _path(self) -> Path:
        return Path(self.folder) / f"{self.stem}.batch.json"

    def _write(self, batches: tuple[str, ...]) -> None:
        if not self.folder:
            return
        with suppress(FileError, OSError, ValueError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self._path) as file:
                file.write_text(json.dumps({"batches": batches}), encoding="utf-8")
