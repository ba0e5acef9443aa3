from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances

from synth_magic import Cohort, CohortSpec
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.panel.panel import Panel


@pytest.fixture
def namespace() -> dict[str, Any]:
    return {}


@pytest.fixture
def bindings(namespace: dict[str, Any]) -> Bindings:
    return Bindings(namespace)


@pytest.fixture
def panel(bindings: Bindings, cohort: Cohort) -> Panel:
    frame = cohort.frame()
    return Panel(bindings.add("patients", frame, "%%synthpatients patients"), frame)


def test_resample_draws_the_next_seed_and_binds_the_name(
    panel: Panel, namespace: dict[str, Any], cohort: Cohort
) -> None:
    picture, first = panel.pictures.image.value, panel.patients.value
    panel.controls.resample.click()
    assert namespace["patients"].equals(cohort.resample(seed=1))
    assert panel.controls.seed.value == 1
    assert panel.pictures.image.value != picture
    assert panel.patients.value != first
    assert "%%synthpatients patients --rows 50 --seed 1" in panel.code.value


def test_a_seed_that_is_typed_draws_its_patients(
    panel: Panel, namespace: dict[str, Any], cohort: Cohort
) -> None:
    panel.controls.seed.value = 12
    assert namespace["patients"].equals(cohort.resample(seed=12))


def test_rows_and_slider_agree_whichever_is_moved(panel: Panel, namespace: dict[str, Any]) -> None:
    panel.controls.rows.value = 70
    assert (len(namespace["patients"]), panel.controls.slider.value) == (70, 70)
    panel.controls.slider.value = 10**2.15  # 141.25...
    assert (len(namespace["patients"]), panel.controls.rows.value) == (140, 140)
    assert panel.controls.slider.value == 140
    assert "140 synthetic patients" in panel.head.value


def test_more_rows_keep_the_patients_that_were_there(
    panel: Panel, namespace: dict[str, Any], cohort: Cohort
) -> None:
    panel.controls.rows.value = 60
    assert pd.DataFrame(namespace["patients"].head(50)).equals(pd.DataFrame(cohort.frame()))


def test_the_slider_is_logarithmic_and_draws_once_it_is_let_go(panel: Panel) -> None:
    slider = panel.controls.slider
    assert (slider.base, slider.min, slider.max) == (10, 0, 6)
    assert not slider.continuous_update


def test_more_than_a_million_rows_have_a_slider_that_reaches_them(
    bindings: Bindings, cohort: Cohort
) -> None:
    frame = cohort.frame()
    binding = bindings.add("patients", frame)
    binding.cohort = Cohort(cohort.spec, 0, 3_000_000, cohort.origin)
    assert Panel(binding, frame).controls.rows.value == 3_000_000


def something_else(namespace: dict[str, Any]) -> None:
    namespace["patients"] = "mine"


def an_edited_frame(namespace: dict[str, Any]) -> None:
    namespace["patients"].loc[7, "age"] = 99


@pytest.mark.parametrize("theirs", [something_else, an_edited_frame])
def test_what_the_user_made_of_the_name_is_replaced_only_on_a_click(
    panel: Panel, namespace: dict[str, Any], cohort: Cohort, theirs: Callable[[Any], None]
) -> None:
    theirs(namespace)
    kept = namespace["patients"]
    panel.controls.resample.click()
    assert namespace["patients"] is kept
    assert "Replace it with the new patients?" in panel.notice.text.value
    assert panel.notice.replace in panel.notice.box.children
    panel.notice.replace.click()
    assert namespace["patients"].equals(cohort.resample(seed=1))
    assert not panel.notice.box.children


def test_keep_leaves_everything_as_it_was(panel: Panel, namespace: dict[str, Any]) -> None:
    namespace["patients"] = kept = "mine"
    panel.controls.rows.value = 70
    panel.notice.keep.click()
    assert namespace["patients"] is kept
    assert panel.controls.rows.value == 50
    assert not panel.notice.box.children


def test_an_error_in_a_callback_is_shown_and_changes_nothing(
    panel: Panel, namespace: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = namespace["patients"]
    monkeypatch.setattr("synth_magic.frame.LARGE_BYTES", 1_000)
    panel.controls.rows.value = 600_000
    assert "600,000 rows of 5 columns take about" in panel.notice.text.value
    assert panel.notice.text in panel.notice.box.children
    assert namespace["patients"] is drawn
    assert panel.controls.rows.value == 50


def test_the_tabs_are_filled_when_they_are_looked_at(panel: Panel) -> None:
    assert not panel.checks.value
    panel.tabs.selected_index = 1
    assert "56% male" in panel.checks.value
    assert not panel.notes.value
    panel.tabs.selected_index = 2
    assert "and kind" in panel.notes.value
    assert "BMI is one" in panel.notes.value


def test_a_tab_that_is_open_follows_the_patients(panel: Panel) -> None:
    panel.tabs.selected_index = 1
    before = panel.checks.value
    panel.controls.resample.click()
    assert panel.checks.value not in ("", before)


def test_the_static_page_follows_the_patients(panel: Panel) -> None:
    before = panel.page["text/html"]
    panel.controls.rows.value = 70
    assert "70 synthetic patients" in panel.page["text/html"]
    assert "70 synthetic patients" not in before


def test_running_a_cell_again_closes_the_panel_and_all_its_widgets(
    bindings: Bindings, cohort: Cohort
) -> None:
    def run() -> None:
        frame = cohort.frame()
        binding = bindings.add("patients", frame)
        binding.panel = Panel(binding, frame)
        binding.panel.controls.resample.click()

    run()
    alive = len(_instances)
    for _ in range(3):
        run()
    assert len(_instances) == alive


def test_many_variables_are_drawn_a_page_at_a_time(bindings: Bindings, cohort: Cohort) -> None:
    age = cohort.spec.variable("age")
    wide = CohortSpec("", "", tuple(replace(age, name=f"v{i}") for i in range(30)))
    frame = Cohort(wide, 0, 50, cohort.origin).frame()
    pictures = Panel(bindings.add("patients", frame), frame).pictures
    first = pictures.image.value
    assert pictures.place.value == "1–12 of 30 variables"
    pictures.next.click()
    pictures.next.click()
    assert pictures.place.value == "25–30 of 30 variables"
    assert pictures.image.value != first
    pictures.next.click()
    assert pictures.image.value == first
