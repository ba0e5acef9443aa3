from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances

from synth_magic import Cohort
from synth_magic.frame import SEEDS
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.panel.controls import Controls
from synth_magic.notebook.panel.panel import Panel
from synth_magic.spec.edits import edit

LINE = "%%synthpatients patients"


@pytest.fixture
def namespace() -> dict[str, Any]:
    return {}


@pytest.fixture
def bindings(namespace: dict[str, Any]) -> Bindings:
    return Bindings(namespace)


@pytest.fixture
def panel(bindings: Bindings, cohort: Cohort) -> Panel:
    frame = cohort.frame()
    return Panel(bindings.add("patients", frame, "described", source=LINE), frame)


def look_at(panel: Panel, title: str) -> None:
    panel.tabs.selected_index = panel.tabs.titles.index(title)


def words_in(box: Any) -> str:
    own = box.value if isinstance(box, widgets.HTML) else ""
    return own + "".join(words_in(child) for child in getattr(box, "children", ()))


def test_resample_draws_the_next_seed_and_binds_the_name(
    panel: Panel, namespace: dict[str, Any], cohort: Cohort
) -> None:
    picture, page = panel.marginals.image.value, panel.page["text/html"]
    panel.controls.resample.click()
    assert namespace["patients"].equals(cohort.resample(seed=1))
    assert panel.controls.seed.value == 1
    assert panel.marginals.image.value != picture
    assert panel.page["text/html"] != page
    assert panel.binding.version.line(panel.binding.cohort) == f"{LINE} --rows 50 --seed 1"


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


def test_more_than_a_million_rows_have_a_slider_that_reaches_them() -> None:
    controls = Controls(3_000_000, 0, lambda rows, seed: None)
    assert controls.rows.value == 3_000_000
    assert 10**controls.slider.max == pytest.approx(3_000_000)
    controls.show(50, 0)
    controls.show(4_000_000, 2**62)
    assert (controls.rows.value, controls.seed.value) == (4_000_000, 2**62)
    assert controls.slider.value == pytest.approx(4_000_000)


def test_resample_goes_on_beyond_the_seeds_that_a_browser_keeps_exactly(
    panel: Panel, namespace: dict[str, Any]
) -> None:
    panel.binding.draw(50, 2**53 - 1)
    seeds = []
    for _ in range(2):
        panel.controls.resample.click()
        seeds.append(namespace["patients"].cohort.seed)
    assert seeds == [2**53, 2**53 + 1]
    panel.binding.draw(50, SEEDS - 1)
    panel.controls.resample.click()
    assert namespace["patients"].cohort.seed == panel.controls.seed.value == 0


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
    assert "Replace it with the new patients?" in panel.notice.question.value
    assert panel.notice.asked in panel.notice.box.children
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


def save(panel: Panel) -> None:
    panel.saving.csv.click()


def choose_another_variable(panel: Panel) -> None:
    panel.specification.figures.variable.value = "crp"


def look_at_a_broken_tab(panel: Panel) -> None:
    panel.pages[2].show = broken  # type: ignore[method-assign]
    look_at(panel, "Associations")
    assert "ValueError: no picture" in panel.notice.text.value
    assert panel.notice.text in panel.notice.box.children


def broken(*_: object) -> None:
    raise ValueError("no picture")


@pytest.mark.parametrize("meanwhile", [save, choose_another_variable, look_at_a_broken_tab])
def test_a_question_stays_until_it_is_answered(
    panel: Panel,
    namespace: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[Panel], None],
) -> None:
    monkeypatch.chdir(tmp_path)
    look_at(panel, "Specification")
    namespace["patients"] = "mine"
    panel.controls.rows.value = 60
    meanwhile(panel)
    assert panel.notice.asked in panel.notice.box.children
    panel.notice.keep.click()
    assert namespace["patients"] == "mine"
    assert panel.controls.rows.value == panel.binding.cohort.rows == 50
    assert panel.notice.asked not in panel.notice.box.children


def test_a_second_question_takes_the_place_of_the_first(
    panel: Panel, namespace: dict[str, Any]
) -> None:
    namespace["patients"] = "mine"
    panel.controls.rows.value = 60
    panel.controls.seed.value = 4
    panel.notice.replace.click()
    panel.notice.replace.click()  # which no question is left to answer
    assert (namespace["patients"].cohort.rows, namespace["patients"].cohort.seed) == (60, 4)
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


def test_the_tabs_are_drawn_when_they_are_looked_at(panel: Panel) -> None:
    assert not words_in(panel.tabs.children[panel.tabs.titles.index("Checks")])
    look_at(panel, "Checks")
    assert "56% male" in words_in(panel.tabs.children[panel.tabs.selected_index])
    assert "and kind" in words_in(panel.tabs.children[panel.tabs.selected_index])


@pytest.mark.parametrize(
    "title", ["Patients", "Marginals", "Associations", "Checks", "Specification", "Origin"]
)
def test_each_tab_shows_something_and_follows_the_patients(panel: Panel, title: str) -> None:
    look_at(panel, title)
    assert words_in(panel.tabs.children[panel.tabs.selected_index])
    assert not panel.notice.box.children
    panel.controls.resample.click()
    assert panel.controls.seed.value == 1
    assert not panel.notice.box.children


def test_a_tab_that_is_open_follows_the_patients(panel: Panel) -> None:
    look_at(panel, "Checks")
    before = words_in(panel.tabs)
    panel.controls.resample.click()
    assert words_in(panel.tabs) != before


def test_a_tab_that_cannot_be_drawn_says_so_and_leaves_the_others(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel.pages[2], "show", broken)
    look_at(panel, "Associations")
    assert "ValueError: no picture" in panel.notice.text.value
    panel.controls.resample.click()
    assert panel.controls.seed.value == 1


def test_undo_goes_back_through_every_change(panel: Panel, namespace: dict[str, Any]) -> None:
    assert panel.versions.undo.disabled
    first = namespace["patients"]
    panel.controls.resample.click()
    panel.controls.rows.value = 70
    panel.versions.undo.click()
    assert (panel.controls.rows.value, panel.controls.seed.value) == (50, 1)
    panel.versions.undo.click()
    assert namespace["patients"].equals(first)
    assert panel.versions.undo.disabled


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


IN_DRAWING = "synth_magic.frame.draw"
IN_LOOKING = "synth_magic.notebook.panel.panel.View.of"
IN_SHOWING = "synth_magic.notebook.panel.edit_document.Document.show"
IN_PICTURING = "synth_magic.notebook.panel.marginals.Marginals.first_page"


@pytest.mark.parametrize("place", [IN_DRAWING, IN_LOOKING, IN_PICTURING])
def test_an_interrupt_changes_nothing_and_says_so(
    panel: Panel, namespace: dict[str, Any], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    kept, picture = namespace["patients"], panel.marginals.image.value
    for change in (panel.controls.resample.click, lambda: setattr(panel.controls.rows, "value", 7)):
        with monkeypatch.context() as patched:
            patched.setattr(place, interrupted)
            change()
        assert "Interrupted: nothing was changed." in panel.notice.text.value
        assert namespace["patients"] is kept
        assert panel.binding.cohort is panel.scene.cohort
        assert (panel.controls.rows.value, panel.controls.seed.value) == (50, 0)
        assert panel.marginals.image.value == picture


@pytest.mark.parametrize("place", [IN_DRAWING, IN_LOOKING, IN_SHOWING])
def test_an_edit_that_is_interrupted_is_no_version(
    panel: Panel, namespace: dict[str, Any], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    kept = namespace["patients"]
    look_at(panel, "Specification")
    figures = panel.specification.figures
    figures.variable.value = "age"
    with monkeypatch.context() as patched:
        patched.setattr(place, interrupted)
        figures.fields["mean"].value = 71
    look_at(panel, "Checks")
    look_at(panel, "Specification")
    assert namespace["patients"] is kept
    assert len(panel.binding.history) == 1
    assert figures.fields["mean"].value == 63
    assert "edited" not in panel.head.value


def test_an_interrupt_after_the_change_says_that_it_is_made(
    panel: Panel, namespace: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(panel.saving, "show", interrupted)
        panel.controls.rows.value = 70
    assert "Interrupted too late: the change is made." in panel.notice.text.value
    assert len(namespace["patients"]) == panel.controls.rows.value == 70


@pytest.mark.parametrize("place", [IN_LOOKING, IN_PICTURING])
def test_a_panel_that_is_interrupted_at_first_leaves_nothing_behind(
    bindings: Bindings, cohort: Cohort, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    frame = cohort.frame()
    binding = bindings.add("patients", frame)
    alive = set(_instances)
    monkeypatch.setattr(place, interrupted)
    with pytest.raises(KeyboardInterrupt):
        Panel(binding, frame)
    monkeypatch.undo()
    assert set(_instances) == alive
    assert not binding.followers


def test_the_panel_follows_what_changes_its_name_elsewhere(panel: Panel) -> None:
    panel.binding.draw(60, 3)
    assert (panel.controls.rows.value, panel.controls.seed.value) == (60, 3)
    assert "60 synthetic patients" in panel.head.value


def test_an_edit_is_a_version_that_the_panel_tells_and_restores(
    panel: Panel, namespace: dict[str, Any]
) -> None:
    before = namespace["patients"]
    older = edit("age", "mean", 70)
    panel.binding.change(panel.binding.cohort.edited(older), "edited", "age: mean 70")
    assert "63" in panel.changes.value
    assert "70" in panel.changes.value
    assert namespace["patients"]["age"].mean() > before["age"].mean() + 3
    assert panel.versions.choice.value == 2
    panel.versions.choice.value = 1
    assert namespace["patients"].equals(before)
    assert not panel.changes.value


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
