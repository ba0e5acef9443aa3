"""Synthetic patients from a description, in a notebook cell.

`%load_ext synth_magic` registers the cell magic `%%synthpatients`; the functions do the same in
Python. Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from synth_magic.api import evaluate, generate, plan, refine, sample
    from synth_magic.engines.plan import Plan
    from synth_magic.errors import SynthMagicError
    from synth_magic.evaluation.report.report import Report
    from synth_magic.files import write
    from synth_magic.frame import Cohort, PatientFrame
    from synth_magic.spec import CohortSpec
    from synth_magic.spec.edits import edit

__all__ = [
    "Cohort",
    "CohortSpec",
    "PatientFrame",
    "Plan",
    "Report",
    "SynthMagicError",
    "edit",
    "evaluate",
    "generate",
    "plan",
    "refine",
    "sample",
    "write",
]

_HOMES = {
    "Cohort": "synth_magic.frame",
    "CohortSpec": "synth_magic.spec",
    "PatientFrame": "synth_magic.frame",
    "Plan": "synth_magic.engines.plan",
    "Report": "synth_magic.evaluation.report.report",
    "SynthMagicError": "synth_magic.errors",
    "edit": "synth_magic.spec.edits",
    "evaluate": "synth_magic.api",
    "generate": "synth_magic.api",
    "plan": "synth_magic.api",
    "refine": "synth_magic.api",
    "sample": "synth_magic.api",
    "write": "synth_magic.files",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register `%%synthpatients`."""
    from synth_magic.notebook.magic import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Remove `%%synthpatients`."""
    from synth_magic.notebook.magic import unload

    unload(shell)
