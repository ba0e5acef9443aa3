from __future__ import annotations

from dataclasses import replace

import pytest

from synth_magic import Cohort, CohortSpec
from synth_magic.notebook.history import History
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.panel.notice import Notice
from synth_magic.notebook.panel.patients import COLUMNS, Patients
from synth_magic.notebook.panel.scene import Scene


def shown(cohort: Cohort) -> Patients:
    history = History()
    frame = cohort.frame()
    tab = Patients(Notice())
    tab.show(
        Scene(
            "p", View.of(cohort, frame), history.keep(history.make(cohort, "described")), history
        ),
        frame,
    )
    return tab


@pytest.fixture
def wide(cohort: Cohort) -> Cohort:
    age = cohort.spec.variable("age")
    spec = CohortSpec("", "", tuple(replace(age, name=f"v{i}") for i in range(60)))
    return Cohort(spec, 0, 50, cohort.origin)


def test_five_rows_are_shown_and_more_on_request(cohort: Cohort) -> None:
    tab = shown(cohort)
    assert tab.table.value.count('scope="row"') == 5
    tab.rows.value = 20
    assert tab.table.value.count('scope="row"') == 20
    tab.rows.value = 100
    assert tab.table.value.count('scope="row"') == 50
    assert "50 rows × 5 columns" in tab.size.value


def test_the_choice_of_rows_stays_when_others_are_drawn(cohort: Cohort) -> None:
    tab = shown(cohort)
    tab.rows.value = 20
    again = replace(cohort, seed=1)
    history = History()
    scene = Scene(
        "p", View.of(again, again.frame()), history.keep(history.make(again, "described")), history
    )
    tab.show(scene, again.frame())
    assert tab.table.value.count('scope="row"') == 20


def test_many_columns_are_paged(wide: Cohort) -> None:
    tab = shown(wide)
    assert tab.table.value.count('scope="col"') == COLUMNS
    assert f"{COLUMNS} of the columns are shown" in tab.size.value
    tab.columns.next.click()
    assert f">v{COLUMNS}<" in tab.table.value


def test_columns_are_found_by_their_name(wide: Cohort) -> None:
    tab = shown(wide)
    tab.columns.search.value = "V59"
    assert tab.table.value.count('scope="col"') == 1
    tab.columns.search.value = "nothing like it"
    assert tab.table.value.count('scope="col"') == 0
    assert "none of 60 columns" in tab.columns.place.value


def test_few_columns_need_no_pages(cohort: Cohort) -> None:
    assert shown(cohort).columns.box.layout.display == "none"
