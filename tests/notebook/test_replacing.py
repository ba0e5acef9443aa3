"""A cell that makes patients of the same name again: whose panel is shown, and what is said."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import RichOutput, capture_output
from ipywidgets.widgets.widget import _instances

from synth_magic import PatientFrame, edit
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.panel.panel import Panel

TEXT = "50 adults. 40% female. Age 61 (SD 12)."
OTHER = "50 adults. 40% female. Age 66 (SD 12)."
REPLACED = "Earlier patients of d: a cell that ran later has replaced them."


@pytest.fixture
def notebook(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """A shell that shows patients as a kernel does, and has shown some."""
    monkeypatch.setattr(shell, "kernel", object(), raising=False)
    shell.run_line_magic("config", "SynthPatients.engine = 'offline'")
    run(shell, f"%%synthpatients d\n{TEXT}")
    return shell


def run(shell: InteractiveShell, code: str) -> list[RichOutput]:
    with capture_output() as shown:
        shell.run_cell(code)
    return list(shown.outputs)


def binding(shell: InteractiveShell) -> Binding:
    found: Binding = shell.magics_manager.registry["SynthPatients"].bindings["d"]
    return found


def panel(shell: InteractiveShell) -> Panel:
    shown = binding(shell).panel
    assert shown is not None
    return shown


@pytest.mark.parametrize(
    "again",
    [
        f"%%synthpatients d\n{OTHER}",
        f"%%synthpatients d --quiet\n{OTHER}",
        '%synthpatients d --refine "mean age 70"',
        "%synthpatients restore d 1",
    ],
)
def test_what_an_earlier_cell_shows_says_that_it_was_replaced(
    notebook: InteractiveShell, again: str
) -> None:
    earlier = panel(notebook)
    (update,) = [shown for shown in run(notebook, again) if shown.update]
    assert update.transient == {"display_id": earlier.uid}
    notice = f'<div class="sp-notice"><bdi>{REPLACED}</bdi></div>'
    assert update.data["text/html"].replace(notice, "") == earlier.page["text/html"]
    assert update.data["text/html"].count(notice) == 1
    assert binding(notebook).panel is not earlier


def test_where_nothing_was_replaced_nothing_is_said(notebook: InteractiveShell) -> None:
    shown = [*run(notebook, "d"), *run(notebook, "%unload_ext synth_magic")]
    assert REPLACED not in "".join(str(output.data) for output in shown)


@pytest.mark.parametrize(
    "again",
    [
        f"%%synthpatients d\n{OTHER}",
        '%synthpatients d --refine "mean age 70"',
        "%synthpatients restore d 2",
    ],
)
def test_a_change_that_cannot_be_drawn_leaves_the_earlier_panel_alive(
    notebook: InteractiveShell, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    one = binding(notebook)
    one.change(one.cohort.edited(edit("age", "mean", 71)), "edited", "age: mean 71")
    one.restore(1)
    earlier, patients, alive = panel(notebook), notebook.user_ns["d"], len(_instances)

    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("synth_magic.notebook.panel.panel.static.page", broken)
        assert not [shown for shown in run(notebook, again) if shown.update]
    assert notebook.user_ns["d"] is patients
    assert panel(notebook) is earlier
    assert (one.version.number, len(one.history), len(_instances)) == (1, 2, alive)

    earlier.controls.rows.value = 70
    drawn = notebook.user_ns["d"]
    assert isinstance(drawn, PatientFrame)
    assert len(drawn) == 70


def test_where_changes_are_is_said_in_the_panel_until_it_moves_on(
    notebook: InteractiveShell,
) -> None:
    one = binding(notebook)
    one.change(one.cohort.edited(edit("age", "mean", 71)), "edited", "age: mean 71")
    outputs = run(notebook, f"%%synthpatients d\n{TEXT}")
    assert "Your changes" not in "".join(str(shown.data) for shown in outputs)
    notice = panel(notebook).notice
    assert notice.text in notice.box.children
    assert "Your changes are in version 2: edited, age: mean 71." in notice.text.value

    panel(notebook).versions.choice.value = 2
    assert notice.text not in notice.box.children
