"""An answer while it streams in: its text so far, how it ended, and the tokens it took."""

from __future__ import annotations

import time
from math import ceil

from synth_magic.engines.answer import Progress, Usage, Watch
from synth_magic.engines.claude.budget import BYTES_PER_TOKEN

SECONDS_BETWEEN_REPORTS = 0.2
MOST = 10**12
"""No server counts more; what it says it counts is recorded, and read again."""


class Hearing:
    """What has been heard of one answer, told to whoever watches about five times a second.

    Whatever a server leaves out or adds is passed over; tokens that it does not count are
    estimated. `stop_reason` is None until the answer has come to its end.
    """

    def __init__(self, model: str, prompt_tokens: int, stage: str, watch: Watch) -> None:
        self.model = model
        self.begun = False
        self.stop_reason: str | None = None
        self.stop_details: object = None
        self._prompt_tokens = prompt_tokens
        self._part = f"{stage}: " if stage else ""
        self._watch = watch
        self._words: list[str] = []
        self._bytes_written = 0
        self._counted_in = 0
        self._counted_out = 0
        self._doing = "waiting"
        self._reported = 0.0
        self._variables = 0
        self._report()

    @property
    def text(self) -> str:
        """The words of the answer so far; of a letter cut in two, what no one joins is replaced."""
        words = "".join(self._words)
        return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    @property
    def usage(self) -> Usage:
        """The tokens taken so far; none before the server has begun to answer."""
        if not self.begun:
            return Usage()
        return Usage(
            self._counted_in or self._prompt_tokens,
            self._tokens_out,
            calls=1,
            estimated=not (self._counted_in and self._counted_out),
        )

    def take(self, event: object) -> None:
        """Hear the next event of the stream."""
        match event:
            case object(type="message_start", message=object(model=model, usage=usage)):
                self.begun = True
                self.model = _name(model) or self.model
                self._counted_in = _tokens_in(usage)
            case object(type="content_block_start", content_block=object(type="thinking")):
                self._turn_to("thinking")
            case object(type="content_block_delta", delta=object(thinking=str(thought))):
                self._bytes_written += len(thought.encode(errors="replace"))
            case object(type="content_block_delta", delta=object(text=str(words))):
                self._bytes_written += len(words.encode(errors="replace"))
                self._words.append(words)
                self._turn_to("writing")
            case object(type="message_delta", delta=object(stop_reason=reason) as end, usage=usage):
                self.stop_reason = reason
                self.stop_details = getattr(end, "stop_details", None)
                self._counted_in = _tokens_in(usage) or self._counted_in
                self._counted_out = count(usage, "output_tokens")
        if time.monotonic() - self._reported >= SECONDS_BETWEEN_REPORTS:
            self._report()

    def take_whole(self, message: object) -> None:
        """Hear an answer that came as one, as those of a batch do."""
        self.begun = True
        self.model = _name(getattr(message, "model", None)) or self.model
        self.stop_reason = getattr(message, "stop_reason", None)
        self.stop_details = getattr(message, "stop_details", None)
        usage = getattr(message, "usage", None)
        self._counted_in, self._counted_out = _tokens_in(usage), count(usage, "output_tokens")
        for block in getattr(message, "content", None) or ():
            if isinstance(words := getattr(block, "text", None), str):
                self._bytes_written += len(words.encode(errors="replace"))
                self._words.append(words)

    def end(self) -> None:
        """Tell the last of it: all variables are whole."""
        self._report(ended=True)

    @property
    def _tokens_out(self) -> int:
        return self._counted_out or ceil(self._bytes_written / BYTES_PER_TOKEN)

    def _turn_to(self, doing: str) -> None:
        if doing != self._doing:
            self._doing = doing
            self._report()

    def _report(self, ended: bool = False) -> None:
        self._reported = time.monotonic()
        text = self.text
        self._variables = variables_in(text, ended) or self._variables
        stage = self._part + self._doing
        self._watch(Progress(self.model, stage, self._variables, self._tokens_out, text))


def variables_in(text: str, ended: bool) -> int:
    """Return how many variables stand whole in the text of an answer; 0 if that cannot be told."""
    from jiter import from_json

    try:
        document = from_json(text[text.index("{") :].encode(), partial_mode=True)
        variables = document["variables"]
        growing = not ended and bool(variables) and next(reversed(document)) == "variables"
        return len(variables) - growing
    except (KeyError, TypeError, ValueError):
        return 0


def _name(model: object) -> str:
    return model if isinstance(model, str) else ""


def _tokens_in(usage: object) -> int:
    """Return all tokens of the prompt, those written to and read from a cache included."""
    kinds = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return sum(count(usage, kind) for kind in kinds)


def count(counts: object, kind: str) -> int:
    """Return a number that a server counts, 0 for what can be none."""
    number = getattr(counts, kind, None)
    return number if type(number) is int and 0 <= number <= MOST else 0
