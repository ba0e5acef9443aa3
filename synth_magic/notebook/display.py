"""How patients show themselves: a live panel, a page without controls, or plain text.

A cohort shows the panel of the name that stands for it, or else one of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.formatters import BaseFormatter
    from IPython.core.interactiveshell import InteractiveShell

    from synth_magic.frame import Cohort, PatientFrame
    from synth_magic.notebook.bindings import Bindings

_MODULE, _FRAME, _COHORT = "synth_magic.frame", "PatientFrame", "Cohort"


def register(shell: InteractiveShell, bindings: Bindings) -> None:
    """Let this session show patients so; the class is named, for importing it takes long."""

    def show(frame: PatientFrame) -> None:
        if not _carries_cohort(frame):
            raise NotImplementedError  # pandas shows it
        if getattr(shell, "kernel", None) is None:
            show_text(frame)
        else:
            show_rich(frame, bindings)

    def show_of(cohort: Cohort) -> None:
        if getattr(shell, "kernel", None) is None:
            raise NotImplementedError  # its repr is shown
        show_cohort(cohort, bindings)

    formatter = _formatter(shell)
    formatter.for_type_by_name(_MODULE, _FRAME, show)
    formatter.for_type_by_name(_MODULE, _COHORT, show_of)


def unregister(shell: InteractiveShell) -> None:
    """Leave the display of patients to pandas, and that of cohorts to their repr."""
    for name in (_FRAME, _COHORT):
        _formatter(shell).pop(f"{_MODULE}.{name}", None)


def _formatter(shell: InteractiveShell) -> BaseFormatter:
    assert shell.display_formatter is not None
    formatter: BaseFormatter = shell.display_formatter.ipython_display_formatter
    return formatter


def _carries_cohort(frame: PatientFrame) -> bool:
    from synth_magic.spec.marks import ATTRS_KEY

    return ATTRS_KEY in frame.attrs


def show_text(frame: PatientFrame) -> None:
    """Show the patients as pandas does, and what they are."""
    from IPython.display import display

    from synth_magic.notebook.binding import edited
    from synth_magic.notebook.pages.static import plain_text
    from synth_magic.notebook.pages.view import View

    if edited(frame, frame.cohort):
        _show_edited(frame)
    else:
        text = plain_text(View.of(frame.cohort, frame), frame)
        display({"text/plain": f"\n{text}"}, raw=True)


def show_rich(frame: PatientFrame, bindings: Bindings) -> None:
    """Show patients in a notebook: with controls if a name stands for them."""
    from synth_magic.notebook.binding import edited
    from synth_magic.notebook.panel.panel import Panel

    if edited(frame, frame.cohort):
        _show_edited(frame)
        return
    binding = bindings.of(frame) or bindings.adopt(frame)
    if binding is None:
        _show_page(frame, "Give these patients a name, and they are shown with controls.")
    elif binding.holds(frame):
        if binding.panel is None:
            binding.panel = Panel(binding, frame)
        binding.panel.publish()
    else:
        _show_page(frame, f"Earlier patients of {binding.name}, which has been drawn again since.")


def show_cohort(cohort: Cohort, bindings: Bindings) -> None:
    """Show the panel of a cohort, which binds no name unless one stands for this cohort."""
    from synth_magic.notebook.panel.panel import Panel

    binding = bindings.showing(cohort)
    if binding.panel is None:
        binding.panel = Panel(binding, binding.cohort.frame())
    binding.panel.publish()


def _show_edited(frame: PatientFrame) -> None:
    import pandas as pd
    from IPython.display import display

    note = "Synthetic patients, changed since they were drawn: shown as they are."
    display({"text/html": f"<p>{note}</p>", "text/plain": note}, raw=True)
    display(pd.DataFrame(frame))


def _show_page(frame: PatientFrame, note: str) -> None:
    from IPython.display import display

    from synth_magic.notebook.pages import static
    from synth_magic.notebook.pages.view import View
    from synth_magic.notebook.plots import PER_PAGE, SmallMultiples, pictured

    view = View.of(frame.cohort, frame)
    cohort = view.cohort
    variables = pictured(cohort.spec, frame)
    png = SmallMultiples().draw(frame, variables[:PER_PAGE], cohort=cohort.compiled)
    html = static.page(view, png, len(variables), note=note)
    display({"text/html": html, "text/plain": static.plain_text(view, frame)}, raw=True)
