"""An answer while it streams in: its text so far, how it ended, and the tokens it took."""

from __future__ import annotations

import time

from synth_magic.engines.answer import Progress, Usage, Watch
from synth_magic.engines.claude.budget import estimate

SECONDS_BETWEEN_REPORTS = 0.2


class Hearing:
    """What has been heard of one answer.

    Whatever a server leaves out or adds is passed over; tokens that no server counted are
    estimated. `stop_reason` stays None as long as the answer has not come to its end.
    """

    def __init__(self, model: str, prompt_tokens: int, stage: str, watch: Watch) -> None:
        self.model = model
        self.begun = False
        self.stop_reason: str | None = None
        self.stop_details: object = None
        self._prompt_tokens = prompt_tokens
        self._words: list[str] = []
        self._letters = 0
        self._counted_in = 0
        self._counted_out = 0
        self._part = f"{stage}: " if stage else ""
        self._doing = "waiting"
        self._watch = watch
        self._variables = 0
        self._report()

    @property
    def text(self) -> str:
        """The words of the answer so far."""
        return "".join(self._words)

    @property
    def usage(self) -> Usage:
        """The tokens taken so far; none before the server has begun to answer."""
        if not self.begun:
            return Usage()
        return Usage(
            self._counted_in or self._prompt_tokens,
            self._counted_out or self._written,
            calls=1,
            estimated=not (self._counted_in and self._counted_out),
        )

    def take(self, event: object) -> None:
        """Hear the next event of the stream."""
        match event:
            case object(type="message_start", message=object(model=model, usage=usage)):
                self.begun = True
                self.model = model or self.model
                self._counted_in = _tokens_in(usage)
            case object(type="content_block_start", content_block=object(type=block)):
                self._do("writing" if block == "text" else "thinking")
            case object(type="content_block_delta", delta=object(thinking=str(thought))):
                self._letters += len(thought.encode(errors="replace"))
            case object(type="content_block_delta", delta=object(type="text_delta", text=str(text))):
                self._words.append(text)
                self._letters += len(text)
                self._do("writing")
            case object(type="message_delta", delta=object(stop_reason=reason) as end, usage=usage):
                self.stop_reason = reason
                self.stop_details = getattr(end, "stop_details", None)
                self._counted_in = _tokens_in(usage) or self._counted_in
                self._counted_out = _count(usage, "output_tokens")
        if time.monotonic() >= self._next_report:
            self._report()
