"""The tab of the specification, on real widgets: what is changed there is a new version."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from synth_magic import Cohort, CohortSpec
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.panel.panel import Panel
from synth_magic.notebook.panel.specification import Specification
from synth_magic.spec import By, Cell, Formula, MeanSD, Share, Shares, Variable, Within


@pytest.fixture
def ward(cohort: Cohort) -> Cohort:
    """The small cohort with a variable that differs by sex and one that is computed."""
    by_sex = By(("sex",), (Cell(("female",), MeanSD(13, 1.2, 6, 18)),
                           Cell(("male",), MeanSD(14.6, 1.4, 6, 19))))  # fmt: skip
    variables = (
        *cohort.spec.variables,
        Variable("hb", "continuous", by_sex, "Haemoglobin", "g/dL", 1),
        Variable("double", "integer", Formula("age * 2")),
    )
    spec = replace(cohort.spec, variables=variables)
    return replace(cohort, spec=Cohort(spec, 0, 400, cohort.origin).compiled.spec, rows=400)


@pytest.fixture
def panel(ward: Cohort) -> Panel:
    bindings = Bindings({})
    frame = ward.frame()
    shown = Panel(bindings.add("patients", frame), frame)
    shown.tabs.selected_index = shown.pages.index(shown.specification)
    return shown


@pytest.fixture
def tab(panel: Panel) -> Specification:
    return panel.specification


def spec_of(panel: Panel) -> CohortSpec:
    return panel.binding.cohort.spec


def noticed(panel: Panel) -> str:
    there: bool = panel.notice.text in panel.notice.box.children
    return panel.notice.text.value if there else ""


def seen(fields: dict[str, Any]) -> list[str]:
    return [name for name, field in fields.items() if field.layout.display != "none"]


# --- figures ---------------------------------------------------------------------------------


def test_the_fields_hold_what_is_stated_or_follows(tab: Specification) -> None:
    tab.figures.variable.value = "age"
    fields = tab.figures.fields
    assert (fields["mean"].value, fields["min"].value, fields["max"].value) == (63, 40, 85)
    assert fields["p50"].value == pytest.approx(63, abs=1)
    assert fields["sd"].value == pytest.approx(11, abs=0.05)
    assert "In <bdi>years</bdi>" in tab.figures.note.value
    assert "What came out in 400 patients: median" in tab.figures.note.value


def test_a_figure_that_is_typed_is_a_new_version_that_the_patients_follow(
    panel: Panel, tab: Specification
) -> None:
    tab.figures.variable.value = "age"
    tab.figures.fields["mean"].value = 71
    assert noticed(panel) == ""
    assert panel.binding.version.title == "2: edited, age: mean 71"
    assert panel.binding.cohort.frame()["age"].mean() == pytest.approx(71, abs=2)
    assert panel.binding.cohort.origin.summary == "Made offline. Edited by hand since: age: mean."
    assert tab.figures.variable.value == "age"
    assert tab.figures.fields["p50"].value > 68
    assert "mean 71" in tab.relations.value


def test_undo_takes_an_edit_back(panel: Panel, tab: Specification) -> None:
    tab.figures.variable.value = "age"
    tab.figures.fields["mean"].value = 71
    panel.versions.undo.click()
    assert tab.figures.fields["mean"].value == 63


def test_a_share_moves_the_others(panel: Panel, tab: Specification) -> None:
    tab.figures.variable.value = "sex"
    female, male = tab.figures.shares
    assert (female.description, female.value) == ("female %", 44)
    male.value = 70
    assert female.value == 30
    assert (panel.binding.cohort.frame()["sex"] == "male").mean() == pytest.approx(0.7, abs=0.08)


def test_a_missing_share_is_a_percentage(panel: Panel, tab: Specification) -> None:
    tab.figures.variable.value = "crp"
    assert tab.figures.missing.value == 10
    tab.figures.missing.value = 30
    assert spec_of(panel).variable("crp").missing == 0.3


def test_a_group_is_changed_by_itself(panel: Panel, tab: Specification) -> None:
    tab.figures.variable.value = "hb"
    assert [label for label, _ in tab.figures.group.options] == ["all patients", "female", "male"]
    tab.figures.group.value = Within("sex", "male")
    tab.figures.fields["mean"].value = 15.5
    assert panel.binding.version.words == "hb: mean 15.5 where sex is male"
    assert tab.figures.fields["mean"].value == 15.5
    tab.figures.group.value = Within("sex", "female")
    assert tab.figures.fields["mean"].value == pytest.approx(13, abs=0.01)
    assert tab.figures.missing.layout.display == "none"


def test_a_number_has_no_shares_and_a_code_no_median(tab: Specification) -> None:
    tab.figures.variable.value = "sex"
    assert not seen(tab.figures.fields)
    tab.figures.variable.value = "age"
    assert len(seen(tab.figures.fields)) == len(tab.figures.fields)
    assert all(share.layout.display == "none" for share in tab.figures.shares)


def test_what_is_computed_says_so(tab: Specification) -> None:
    tab.figures.variable.value = "double"
    assert not seen(tab.figures.fields)
    assert "double is computed (age * 2)" in tab.figures.note.value
    assert "What came out" in tab.figures.note.value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "mean is a number"),
        (float("inf"), "mean is a number"),
        (1e300, "the mean is 1e+300; it lies within"),
        (-5, "is not above the lowest, 40: change that first"),
    ],
)
def test_what_cannot_be_is_said_and_the_old_value_is_back(
    panel: Panel, tab: Specification, value: float, message: str
) -> None:
    tab.figures.variable.value = "age"
    tab.figures.fields["mean"].value = value
    assert message in noticed(panel)
    assert tab.figures.fields["mean"].value == 63
    assert len(panel.binding.history) == 1


@pytest.mark.parametrize("typed", [140, -3])
def test_a_share_is_refused_in_percent_as_it_was_typed(
    panel: Panel, tab: Specification, typed: float
) -> None:
    tab.figures.variable.value = "sex"
    male = tab.figures.shares[1]
    male.value = typed
    assert f"sex: share of male: {typed}% is not between 0 and 100%" in noticed(panel)
    assert male.value == 56
    tab.figures.missing.value = typed
    assert f"sex: missing: {typed}% is not between 0 and 100%" in noticed(panel)
    assert len(panel.binding.history) == 1


def test_who_changed_the_patients_is_asked_first(panel: Panel, tab: Specification) -> None:
    frame = panel.binding._namespace["patients"]
    frame.loc[0, "age"] = 99
    tab.figures.variable.value = "age"
    tab.figures.fields["mean"].value = 71
    assert "Replace it with the new patients?" in panel.notice.question.value
    panel.notice.keep.click()
    assert tab.figures.fields["mean"].value == 63


def test_many_variables_are_searched(cohort: Cohort) -> None:
    age = cohort.spec.variable("age")
    wide = CohortSpec("", "", tuple(replace(age, name=f"v{i}") for i in range(60)))
    frame = Cohort(wide, 0, 50, cohort.origin).frame()
    panel = Panel(Bindings({}).add("patients", frame), frame)
    panel.tabs.selected_index = panel.pages.index(panel.specification)
    tab = panel.specification
    assert tab.table.value.count("<tr>") == 26
    tab.pages.search.value = "V41"
    assert (tab.figures.variable.value, len(tab.figures.variable.options)) == ("v41", 1)
    tab.pages.search.value = "nothing like it"
    assert tab.figures.variable.value is None
    tab.pages.search.value = ""
    assert len(tab.figures.variable.options) == 60


# --- correlations ----------------------------------------------------------------------------


def test_a_stated_correlation_is_shown_and_changed(panel: Panel, tab: Specification) -> None:
    tab.correlation.a.value, tab.correlation.b.value = "age", "crp"
    assert tab.correlation.spearman.value == 0.3
    tab.correlation.spearman.value = -0.5
    assert panel.binding.version.words == "age: Spearman correlation with crp -0.5"
    assert spec_of(panel).associations[-1].spearman == -0.5
    assert "stated" in tab.correlation.note.value


def test_one_that_is_not_stated_is_shown_as_it_follows(panel: Panel, tab: Specification) -> None:
    tab.correlation.a.value, tab.correlation.b.value = "age", "hb"
    assert abs(tab.correlation.spearman.value) < 0.1
    assert "Not stated" in tab.correlation.note.value
    tab.correlation.spearman.value = 0.4
    frame = replace(panel.binding.cohort, rows=4000).frame()
    assert frame["age"].corr(frame["hb"], method="spearman") == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize(("value", "message"), [(2, "correlations"), (float("nan"), "is a number")])
def test_what_is_no_correlation_is_refused(
    panel: Panel, tab: Specification, value: float, message: str
) -> None:
    tab.correlation.a.value, tab.correlation.b.value = "age", "crp"
    tab.correlation.spearman.value = value
    assert noticed(panel)
    assert tab.correlation.spearman.value == 0.3


def test_a_parent_has_no_correlation_to_state(panel: Panel, tab: Specification) -> None:
    tab.correlation.a.value, tab.correlation.b.value = "sex", "hb"
    tab.correlation.spearman.value = 0.1
    assert "hb differs by sex" in noticed(panel)


# --- the JSON --------------------------------------------------------------------------------


@pytest.fixture
def document(tab: Specification) -> dict[str, Any]:
    tab.document.box.selected_index = 0
    read: dict[str, Any] = json.loads(tab.document.text.value)
    return read


def test_the_json_is_read_when_it_is_opened(tab: Specification) -> None:
    assert tab.document.text.value == ""
    tab.document.box.selected_index = 0
    assert CohortSpec.from_json(tab.document.text.value).title == "Diabetes"


def test_json_is_applied(panel: Panel, tab: Specification, document: dict[str, Any]) -> None:
    document["variables"][1]["marginal"] = mean_sd_json(71, 9, 40, 90)
    document["variables"][6]["marginal"]["expression"] = "age * 3"
    tab.document.text.value = json.dumps(document)
    tab.document.apply.click()
    assert noticed(panel) == tab.document.said.value == ""
    spec = spec_of(panel)
    assert spec.variable("age").marginal == MeanSD(71, 9, 40, 90)
    assert spec.variable("double").provenance == "stated"
    assert CohortSpec.from_json(tab.document.text.value) == spec
    assert "the specification as a whole" in panel.binding.cohort.origin.summary


def mean_sd_json(mean: float, sd: float, low: float, high: float) -> dict[str, Any]:
    return {"kind": "mean_sd", "mean": mean, "sd": sd, "low": low, "high": high}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is no JSON"),
        ("", "this is no JSON"),
        ("[]", "This cannot be applied"),
        ('{"title": NaN}', "NaN is no number that JSON knows"),
    ],
)
def test_json_that_cannot_be_applied_says_where_and_stays(
    panel: Panel, tab: Specification, document: dict[str, Any], text: str, message: str
) -> None:
    tab.document.text.value = text
    tab.document.apply.click()
    assert message in tab.document.said.value
    assert tab.document.text.value == text
    assert len(panel.binding.history) == 1
    tab.document.reset.click()
    assert json.loads(tab.document.text.value) == document
    assert tab.document.said.value == ""


def test_json_that_was_not_changed_is_no_version(
    panel: Panel, tab: Specification, document: dict[str, Any]
) -> None:
    tab.document.text.value = json.dumps(document)
    tab.document.apply.click()
    assert "nothing was changed" in tab.document.said.value
    assert len(panel.binding.history) == 1


def test_every_violation_is_listed_with_its_path(
    tab: Specification, document: dict[str, Any]
) -> None:
    document["variables"][1]["marginal"]["sd"] = -1
    document["associations"][0]["a"] = "agee"
    tab.document.text.value = json.dumps(document)
    tab.document.apply.click()
    assert "variables[1]" in tab.document.said.value
    assert "associations[0]" in tab.document.said.value
    assert "did you mean &#x27;age&#x27;" in tab.document.said.value


def test_what_was_written_stays_when_something_else_is_changed(
    tab: Specification, document: dict[str, Any]
) -> None:
    tab.document.text.value = "my own words"
    tab.figures.variable.value = "age"
    tab.figures.fields["mean"].value = 71
    assert tab.document.text.value == "my own words"
    assert "has changed since you began to write" in tab.document.said.value


def test_what_was_written_is_not_outdated_by_other_patients(
    panel: Panel, tab: Specification, document: dict[str, Any]
) -> None:
    tab.document.text.value = "my own words"
    panel.controls.resample.click()
    assert tab.document.text.value == "my own words"
    assert tab.document.said.value == ""
    tab.figures.variable.value = "age"
    tab.figures.fields["mean"].value = 71
    panel.versions.undo.click()
    assert tab.document.said.value == ""


def test_a_title_is_no_figure(panel: Panel, tab: Specification, document: dict[str, Any]) -> None:
    tab.document.text.value = json.dumps(document | {"title": "Other"})
    tab.document.apply.click()
    assert "edited by hand</strong> ·" in panel.head.value
    assert "figure" not in panel.changes.value


def test_an_open_text_follows_the_fields(tab: Specification, document: dict[str, Any]) -> None:
    tab.figures.variable.value = "age"
    tab.figures.fields["mean"].value = 71
    assert json.loads(tab.document.text.value)["facts"][-1]["value"] == 71


def test_a_share_is_no_html(cohort: Cohort) -> None:
    evil = "<script>alert(1)</script>"
    codes = Shares((Share(evil, 0.5), Share("🩺" * 200, 0.5)))
    spec = CohortSpec("", "", (Variable(evil, "categorical", codes, label=evil, unit=evil),))
    frame = Cohort(spec, 0, 50, cohort.origin).frame()
    panel = Panel(Bindings({}).add("patients", frame), frame)
    panel.tabs.selected_index = panel.pages.index(panel.specification)
    tab = panel.specification
    assert "<script>" not in tab.table.value + tab.figures.note.value + tab.relations.value
    tab.figures.shares[0].value = 60
    assert spec_of(panel).variable(evil).marginal.shares[0].share == pytest.approx(0.6)
    assert "<script>" not in tab.table.value + tab.figures.note.value + tab.relations.value
