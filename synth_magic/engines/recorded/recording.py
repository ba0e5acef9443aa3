"""An answer of a language model as a readable JSON file, and back.

The file is a stranger's when it is read: `recording.schema.json` says what it must hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

from synth_magic import __version__
from synth_magic.engines.answer import Question, Usage
from synth_magic.engines.claude.exchange import Exchange, Message, Reply, Request
from synth_magic.engines.recorded.key import Key, changed
from synth_magic.engines.settings import Settings
from synth_magic.errors import RecordingError, SpecificationError
from synth_magic.spec.layout import readable_json

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

JSON: TypeAlias = dict[str, Any]

API = "Anthropic API"
OTHER_SERVER = "another server that speaks the Messages API"

FORMAT = 1
ABOUT = (
    "The answer of a language model to a description of patients, kept by synth_magic so that it "
    "can be replayed without asking again."
)
_LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Recording:
    """What was asked, what a model answered, and where and when.

    `model` is who answered, `key.model` who was asked; `origin` says in words where the answer
    came from, `date` when (ISO, UTC). `unfinished` says why an answer cannot be used; it is empty
    for one that can. An answer that is a change has the specification that it changes as its
    `parent`, the description of that as `parent_text` and, if the user wrote no new description,
    the words of the change as `refinement`. (A `parent` alone was recorded, but not shown.)
    """

    key: Key
    exchanges: tuple[Exchange, ...]
    origin: str
    model: str
    date: str
    prompt_version: int
    package_version: str = __version__
    parent: Mapping[str, Any] | None = None
    unfinished: str = ""
    parent_text: str | None = None
    refinement: str = ""

    @classmethod
    def of(
        cls,
        question: Question,
        settings: Settings,
        exchanges: tuple[Exchange, ...],
        origin: str,
        unfinished: str = "",
    ) -> Recording:
        """Return the recording of an answer that has just come."""
        change = question if question.is_change else None
        key = Key.of(question, settings)
        return cls(
            key,
            exchanges,
            origin,
            model=_shown(exchanges[-1].reply.model),
            date=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            prompt_version=prompt_version(key),
            parent=change.parent.to_dict() if change and change.parent else None,
            unfinished=unfinished,
            parent_text=change.parent_text if change else None,
            refinement=question.refinement,
        )

    @property
    def is_change(self) -> bool:
        """Whether the answer holds only what changes of its parent."""
        return self.parent is not None and self.parent_text is not None

    @property
    def stem(self) -> str:
        """The name of its file, without an ending: a change tells what it changes by a hash."""
        if not self.is_change:
            return self.key.stem
        return f"{self.key.stem}-{changed(self.parent, self.parent_text, self.refinement)}"

    def changes_the_same(self, question: Question) -> bool:
        """Return whether a question asks for the change that this answer is."""
        if not (self.is_change and question.is_change and question.parent):
            return False
        own = changed(self.parent, self.parent_text, self.refinement)
        other = changed(question.parent.to_dict(), question.parent_text, question.refinement)
        return own == other

    @property
    def usage(self) -> Usage:
        """The tokens that all exchanges took."""
        return sum((exchange.reply.usage for exchange in self.exchanges), Usage())

    @property
    def day(self) -> str:
        """The date without the time."""
        return self.date[:10]

    def to_json(self) -> str:
        """Return JSON for people to read: texts by lines, answers that are JSON as JSON."""
        try:
            return readable_json(self._document(_opened)) + "\n"
        except (RecursionError, SpecificationError):  # nested beyond reach, or not finite
            return readable_json(self._document(_lines)) + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> Recording:
        """Return the recording that a file holds.

        Raises RecordingError, which goes on from “it was passed over:”, for any other file.
        """
        try:
            document = json.loads(data.decode("utf-8-sig"))
            _check(document)
            return _recording(document)
        except UnicodeDecodeError:
            raise RecordingError("it is no UTF-8 text") from None
        except (ValueError, RecursionError):
            raise RecordingError("it is no JSON that can be read") from None

    def _document(self, written: Callable[[str], Any]) -> JSON:
        return {
            "format": FORMAT,
            "about": ABOUT,
            **({"unfinished": _lines(self.unfinished)} if self.unfinished else {}),
            "origin": self.origin,
            "model": self.model,
            "date": self.date,
            "prompt_version": self.prompt_version,
            "package_version": self.package_version,
            "usage": _usage(self.usage),
            "key": {
                "description": _lines(self.key.description),
                "examples": list(self.key.examples),
                "model": self.key.model,
                "effort": self.key.effort,
                **({"method": dict(self.key.method)} if self.key.method else {}),
            },
            "parent": self.parent,
            **({"parent_text": _lines(self.parent_text)} if self.parent_text is not None else {}),
            **({"refinement": _lines(self.refinement)} if self.refinement else {}),
            "exchanges": [_exchange(exchange, written) for exchange in self.exchanges],
        }


def prompt_version(key: Key) -> int:
    """Return which version of our words a model is asked in today."""
    if key.method is not None:
        from synth_magic.engines.rows.prompt import VERSION
    else:
        from synth_magic.engines.claude.prompt import VERSION
    return VERSION


def _exchange(exchange: Exchange, written: Callable[[str], Any]) -> JSON:
    request, reply = exchange.request, exchange.reply
    return {
        "stage": request.stage,
        "accepted": exchange.accepted,
        "model": reply.model,
        "usage": _usage(reply.usage),
        "system": _lines(request.system),
        "messages": [
            {
                "role": message.role,
                "text": (written if message.role == "assistant" else _lines)(message.text),
            }
            for message in request.messages
        ],
        "answer": written(reply.text),
    }


def _shown(model: str) -> str:
    """Return the name that a server gives its model, fit to be shown."""
    return "".join(filter(str.isprintable, model))[:_LONGEST_NAME]


def _usage(usage: Usage) -> JSON:
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "calls": usage.calls,
        "estimated": usage.estimated,
    }


def _lines(text: str) -> str | list[str]:
    """Return text of several lines as a list of them."""
    lines = text.split("\n")
    return lines if len(lines) > 1 else text


def _opened(answer: str) -> str | list[str] | JSON:
    """Return the JSON object that an answer is, or the lines of one that is none."""
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        return _lines(answer)
    return document if isinstance(document, dict) else _lines(answer)


def _text(written: str | list[str] | JSON) -> str:
    """Return the text that `_lines` or `_opened` wrote."""
    if isinstance(written, dict):
        return json.dumps(written, ensure_ascii=False)
    return written if isinstance(written, str) else "\n".join(written)


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    schema = files(__package__).joinpath("recording.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema))


def _check(document: Any) -> None:
    if not isinstance(document, dict) or "format" not in document:
        raise RecordingError("it is no recording")
    if document["format"] != FORMAT:
        raise RecordingError(f"its format is not {FORMAT}, the one that this version reads")
    for error in _validator().iter_errors(document):
        if error.validator == "required":
            lacking: Any = error.validator_value
            names = [f"`{name}`" for name in lacking if name not in error.instance]
            raise RecordingError(f"it lacks {', '.join(names)} in {_place(error)}")
        raise RecordingError(f"what it holds in {_place(error)} means nothing")


def _place(error: ValidationError) -> str:
    path = error.json_path.removeprefix("$").removeprefix(".")
    return f"`{path}`" if path else "the whole"


def _recording(document: JSON) -> Recording:
    key = document["key"]
    return Recording(
        Key(
            _text(key["description"]),
            tuple(key["examples"]),
            key["model"],
            key["effort"],
            key.get("method"),
        ),
        tuple(map(_exchanged, document["exchanges"])),
        document["origin"],
        document["model"],
        document["date"],
        int(document["prompt_version"]),
        document["package_version"],
        document["parent"],
        _text(document.get("unfinished", "")),
        _text(document["parent_text"]) if "parent_text" in document else None,
        _text(document.get("refinement", "")),
    )


def _exchanged(document: JSON) -> Exchange:
    messages = [Message(part["role"], _text(part["text"])) for part in document["messages"]]
    usage = document["usage"]
    taken = Usage(
        int(usage["input_tokens"]),
        int(usage["output_tokens"]),
        int(usage["calls"]),
        usage["estimated"],
    )
    return Exchange(
        Request(_text(document["system"]), tuple(messages), {}, document["stage"]),
        Reply(_text(document["answer"]), document["model"], taken),
        document["accepted"],
    )
