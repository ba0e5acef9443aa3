"""Everything that can go wrong, in one tree.

```
SynthMagicError
├── DescriptionError        the text of the cell: where, what stands there, what would be understood
│   └── ContradictionError  two statements that cannot both be true, both quoted
├── SpecificationError      a cohort specification that means nothing; lists every violation
│   └── ExpressionError     a formula, rule or condition outside the grammar
├── SamplingError           a specification that cannot be sampled
│   ├── RuleError           a rule that hardly any patient satisfies
│   └── RowsError           a number of rows that is no number of rows, or too many for the memory
├── EngineError             what should fill in the description did not
│   ├── CredentialsError    no key for a language model, or one that is refused
│   ├── BudgetError         the next call might take more tokens than the session may
│   ├── CallError           the service failed, fell silent or was not reached
│   ├── AnswerError         an answer that is cut short, refused or unusable, kept in `answer`
│   └── RecordingError      no recorded answer, or one that cannot be used
├── EvaluationError         patients that cannot be compared
├── SettingError            an option, argument or name that does not exist
└── FileError               a file that cannot be read or written
```

Two are warnings: LearningWarning of what is left out of rows that a specification is learnt from,
and RealDataWarning, one of these, of what is learnt from real patients.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class SynthMagicError(Exception):
    """Base of all errors raised on purpose; IPython shows it in one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class DescriptionError(SynthMagicError):
    """The description cannot be read."""


class ContradictionError(DescriptionError):
    """Two statements of the description cannot both be true."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a specification: its path, what stands there, and what is allowed."""

    path: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.path}: {self.found}; {self.allowed}"


class SpecificationError(SynthMagicError):
    """A specification breaks its own rules; `violations` holds all of them."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        lines = [f"  {violation}" for violation in self.violations]
        count = len(lines)
        head = f"the specification has {count} violation{'s' if count != 1 else ''}:"
        super().__init__("\n".join([head, *lines]))


class ExpressionError(SpecificationError):
    """An expression outside the grammar of formulas, rules and conditions."""


class SamplingError(SynthMagicError):
    """The specification is valid but cannot be sampled."""


class RuleError(SamplingError):
    """Most patients break the rule `expression`, so it cannot be met by drawing again."""

    def __init__(self, message: str, expression: str = "") -> None:
        super().__init__(message)
        self.expression = expression


class RowsError(SamplingError):
    """The number of rows is not one that can be drawn."""


class EngineError(SynthMagicError):
    """What should fill in the description did not."""


class CredentialsError(EngineError):
    """There is no key for a language model, or it is refused."""


class BudgetError(EngineError):
    """The next call might take more tokens than the session may."""


class CallError(EngineError):
    """The service failed, fell silent or was not reached. `answer` is what had come by then.

    `busy` where the service had no room for the request, but may have later.
    """

    def __init__(self, message: str, answer: str = "", *, busy: bool = False) -> None:
        super().__init__(message)
        self.answer = answer
        self.busy = busy


class AnswerError(EngineError):
    """An answer that is cut short, refused or unusable; `answer` is the model's text."""

    def __init__(self, message: str, answer: str = "") -> None:
        super().__init__(message)
        self.answer = answer


class RecordingError(EngineError):
    """There is no recorded answer, or none that can be used."""


class EvaluationError(SynthMagicError):
    """Two tables of patients cannot be compared."""


class SettingError(SynthMagicError):
    """An option, argument or name that does not exist, or has an impossible value."""


class FileError(SynthMagicError):
    """A file cannot be read or written."""


class LearningWarning(UserWarning):
    """Something in the rows that a specification is learnt from is left out or changed."""


class RealDataWarning(LearningWarning):
    """What is learnt from rows of real patients can tell of them."""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return `" (did you mean 'x'?)"` for the nearest allowed word, or nothing."""
    spelt = {name.lower(): name for name in allowed}
    near = get_close_matches(word.lower(), spelt, n=1)
    return f" (did you mean {spelt[near[0]]!r}?)" if near else ""
