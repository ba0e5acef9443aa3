from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from synth_magic import Cohort, CohortSpec
from synth_magic.notebook.pages import patients
from synth_magic.notebook.pages.view import View
from tests.notebook.pages.elements import Elements, text


def view(cohort: Cohort) -> View:
    return View.of(cohort, cohort.frame())


def test_values_are_shown_as_recorded(cohort: Cohort) -> None:
    rows = Elements(patients.first_rows(view(cohort))).text
    assert re.search(r"P00001\d\d(fe)?male(\d+\.\d|missing)20\d\d-\d\d-\d\d", rows)


def test_under_each_name_stand_type_unit_and_missing_share(cohort: Cohort) -> None:
    frame = cohort.frame()
    missing = frame["crp"].isna().mean()
    shown = text(patients.first_rows(View.of(cohort, frame)))
    assert "idagesexcrpvisit" in shown
    assert "identifiercomplete" in shown
    assert "integer, yearscomplete" in shown
    assert f"continuous, mg/L{missing:.1%} missing" in shown
    assert "datecomplete" in shown


def test_as_many_rows_are_shown_as_there_are(cohort: Cohort) -> None:
    some = view(replace(cohort, rows=3))
    html = patients.table(some, some.variables, 20)
    assert html.count('scope="row"') == 3


def test_many_columns_are_cut_and_that_is_said(cohort: Cohort) -> None:
    age = cohort.spec.variable("age")
    spec = CohortSpec("", "", tuple(replace(age, name=f"v{i}") for i in range(60)))
    html = patients.first_rows(view(Cohort(spec, 0, 50, cohort.origin)))
    assert html.count('scope="col"') == patients.COLUMNS
    assert "50 rows × 60 columns; 50 of the columns are shown" in html


def test_no_patient_is_kept_but_the_first(cohort: Cohort) -> None:
    frame = replace(cohort, rows=300).frame()
    kept = View.of(frame.cohort, frame).first
    assert kept.equals(pd.DataFrame(frame).head(100))
