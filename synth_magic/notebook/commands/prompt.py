"""`%synthpatients prompt [NAME]`: the words that a model was sent, or would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from synth_magic.errors import SettingError

if TYPE_CHECKING:
    from synth_magic.engines.recorded.recording import Recording
    from synth_magic.notebook.binding import Binding
    from synth_magic.notebook.history import Version


def system() -> str:
    """Return what every model is told before any description."""
    from synth_magic.engines.claude.prompt import words

    return words("system")


def prompt(binding: Binding) -> str:
    """Return the request that made the present version, or what would be sent for it.

    Of a version made by hand, the request of the one that it was made from. Raises SettingError
    where no request can have made it, RecordingError for a recording that cannot be read.
    """
    version = next((v for v in binding.version.lineage if v.how != "edited"), binding.version)
    origin = version.cohort.origin
    if not origin.description:
        raise SettingError(
            f"version {version.number} of {binding.name} was made from a specification: no request "
            "made it"
        )
    name = f"version {version.number} of {binding.name}"
    if not origin.recording:
        return f"No request of {name} is recorded.\n{_plan(version, binding.settings)}"
    from synth_magic.notebook.recordings import read

    recording = read(origin.recording, binding.settings)
    return "\n".join([f"What made {name}, from {origin.recording}.", *_requests(recording)])


def _plan(version: Version, settings: Mapping[str, Any]) -> str:
    """Return what would be sent to have a version made by a model."""
    from synth_magic.api import plan

    before = version.before.cohort if version.before else None
    if version.how == "refined":
        return str(plan(version.words, refine=before, **settings))
    return str(plan(version.cohort.origin.description, parent=before, **settings))


def _requests(recording: Recording) -> Iterator[str]:
    """Yield every request; of one that goes on from another, only what is new."""
    told: set[tuple[str, str]] = set()
    number = len(recording.exchanges)
    for place, exchange in enumerate(recording.exchanges, 1):
        request = exchange.request
        stage = f" ({request.stage})" if request.stage else ""
        yield f"\n=== request {place} of {number}{stage} ==="
        turns = [("system", request.system), *((m.role, m.text) for m in request.messages)]
        for role, text in turns:
            if (role, text) not in told:
                yield f"\n--- {role} ---\n{text}"
        told.update(turns)
