from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from ipywidgets.widgets.widget import _instances

from synth_magic import Cohort
from synth_magic.notebook.bindings import NAMELESS, Bindings
from synth_magic.notebook.display import show_cohort, show_rich

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def namespace() -> dict[str, Any]:
    return {}


@pytest.fixture
def bindings(namespace: dict[str, Any], shell: InteractiveShell) -> Bindings:
    return Bindings(namespace)


def shown(frame: Any, bindings: Bindings) -> list[dict[str, Any]]:
    with capture_output() as captured:
        show_rich(frame, bindings)
    return [output.data for output in captured.outputs]


def test_a_named_frame_is_a_panel_and_a_page_that_stands_in_for_it(
    bindings: Bindings, cohort: Cohort
) -> None:
    frame = cohort.frame()
    binding = bindings.add("patients", frame)
    panel, page = shown(frame, bindings)
    assert binding.panel is not None
    uid = binding.panel.uid
    assert panel[WIDGET]["model_id"] == binding.panel.box.model_id
    assert (panel["text/html"], panel["text/plain"]) == ("", "")
    assert f"{uid}-static" in page["text/html"]
    assert f"{uid}-panel" in binding.panel.box._dom_classes
    assert "50 synthetic patients" in page["text/plain"]


def test_a_frame_shown_twice_has_one_panel_in_two_places(
    bindings: Bindings, cohort: Cohort
) -> None:
    frame = cohort.frame()
    bindings.add("patients", frame)
    assert shown(frame, bindings)[0][WIDGET] == shown(frame, bindings)[0][WIDGET]


def test_patients_drawn_in_python_have_a_panel_once_they_have_a_name(
    bindings: Bindings, namespace: dict[str, Any], cohort: Cohort
) -> None:
    frame = cohort.frame()
    (page,) = shown(frame, bindings)
    assert "Give these patients a name" in page["text/html"]
    namespace["mine"] = frame
    assert WIDGET in shown(frame, bindings)[0]


def test_earlier_patients_are_a_page_that_says_so(bindings: Bindings, cohort: Cohort) -> None:
    earlier = cohort.frame()
    bindings.add("patients", earlier).draw(50, 1)
    (page,) = shown(earlier, bindings)
    assert "Earlier patients of patients, which has been drawn again since." in page["text/html"]


def test_an_edited_frame_is_shown_as_it_is(bindings: Bindings, cohort: Cohort) -> None:
    frame = cohort.frame()
    bindings.add("patients", frame)
    frame["smoker"] = "perhaps"
    note, table = shown(frame, bindings)
    assert "changed since they were drawn" in note["text/html"]
    assert "perhaps" in table["text/html"]


def test_a_frame_that_lost_its_cohort_is_left_to_pandas(
    shell: InteractiveShell, cohort: Cohort
) -> None:
    frame = cohort.frame()
    frame.attrs.clear()
    data, _ = shell.display_formatter.format(frame)
    assert "<table" in data["text/html"]


def test_what_is_derived_is_left_to_pandas(shell: InteractiveShell, cohort: Cohort) -> None:
    data, _ = shell.display_formatter.format(cohort.frame().head())
    assert "<table" in data["text/html"]


# --- a cohort --------------------------------------------------------------------------------


def shown_of(cohort: Cohort, bindings: Bindings) -> dict[str, Any]:
    with capture_output() as captured:
        show_cohort(cohort, bindings)
    panel, _ = captured.outputs
    data: dict[str, Any] = panel.data
    return data


def test_a_cohort_shows_the_panel_of_its_name(bindings: Bindings, cohort: Cohort) -> None:
    frame = cohort.frame()
    binding = bindings.add("patients", frame)
    assert shown_of(frame.cohort, bindings)[WIDGET] == shown(frame, bindings)[0][WIDGET]
    assert binding.panel is not None


def test_a_cohort_without_a_name_has_a_panel_that_binds_none(
    bindings: Bindings, namespace: dict[str, Any], cohort: Cohort
) -> None:
    first = shown_of(cohort, bindings)
    assert shown_of(cohort, bindings) == first
    binding = bindings.showing(cohort)
    assert binding.panel is not None
    binding.panel.controls.resample.click()
    assert binding.cohort.seed == 1
    assert not namespace


def test_running_a_cell_again_closes_the_panel_that_it_had(
    bindings: Bindings, cohort: Cohort
) -> None:
    first = shown_of(cohort, bindings)
    earlier = bindings.showing(cohort)
    assert earlier.panel is not None
    earlier.panel.controls.resample.click()
    assert shown_of(cohort, bindings) != first
    assert earlier.panel is None
    assert bindings.showing(cohort).cohort.seed == 0


def test_a_few_panels_without_a_name_are_alive_and_none_after_unloading(
    bindings: Bindings, cohort: Cohort
) -> None:
    before = set(_instances)
    for seed in range(NAMELESS + 3):
        shown_of(replace(cohort, seed=seed), bindings)
        if seed == NAMELESS - 1:
            full = len(_instances)
    assert len(_instances) == full
    bindings.close()
    assert set(_instances) == before


def test_a_terminal_shows_a_cohort_in_one_line(shell: InteractiveShell, cohort: Cohort) -> None:
    data, _ = shell.display_formatter.format(cohort)
    assert data["text/plain"] == "<Cohort of 50 rows and 5 columns, seed 0: Diabetes>"
