from __future__ import annotations

import copy
import json
import pickle
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from synth_magic.errors import FileError, SettingError
from synth_magic.evaluation.report.report import NO_PATIENTS, Report
from tests.evaluation.report.builders import HOSTILE, REPORT, RESULTS, SETUP, TABLES, result

FULL = replace(REPORT, tables=TABLES)


class Elements(HTMLParser):
    """The elements of a page, the sources of its images, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.sources: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag not in ("img", "meta"):
            self.open.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_table_has_a_row_for_each_figure() -> None:
    table = REPORT.table()
    assert list(table) == ["group", "metric", "of", "synthetic", "sd", "real", "reading"]
    assert table["metric"].tolist() == [r.metric.name for r in RESULTS]
    assert table.loc[0, "synthetic"] == pytest.approx(0.91)
    assert table.loc[0, "sd"] == pytest.approx(0.02 / 2**0.5)
    assert table.loc[0, "real"] == 0.97
    assert table.loc[4, "reading"] == f"not computed: constant {HOSTILE}"


def test_the_summary_says_what_matters_most() -> None:
    assert REPORT.summary.splitlines() == [
        (
            "Column Shapes: about 91 in 100 of each distribution overlaps; between real patients "
            "97 in 100"
        ),
        f"Error of the rank correlations: not computed: constant {HOSTILE}",
        (
            "Boosted-tree AUC: a model tells them apart 6 times in 10; real patients from real "
            "ones 5 in 10"
        ),
        "Copies: no synthetic patient is a copy of a real one; of real patients held out none",
        (
            f"CategoricalCAP ({HOSTILE}): a guess from the keys is wrong 50 times in 100; with "
            "real patients held out 52 in 100"
        ),
        (
            "Distributions that overlap least: age 70% (real patients 96%), "
            f"{HOSTILE} 98% (real patients 97%)"
        ),
    ]


def test_printed_it_is_a_compact_table() -> None:
    lines = repr(FULL).splitlines()
    assert lines[:2] == [
        (
            "1,000 synthetic patients beside 700 real ones: 2 columns, mean of 2 splits of the "
            "real patients into"
        ),
        "  70% and 30%, seed 0.",
    ]
    assert (
        "  Boosted-tree AUC ↑                     0.610   0.014     0.500  a model tells"
        in repr(FULL)
    )
    assert lines[-2:] == [
        f"{HOSTILE} has one value only.",
        f"Not compared: {HOSTILE}: an identifier",
    ]


def test_one_split_and_a_hold_out_are_said() -> None:
    held_out = Report(RESULTS, replace(SETUP, splits=1, held_out=300, used=20_000))
    assert "300 real patients held out as a yardstick" in repr(held_out)
    assert "at most 20,000 rows of each" in repr(held_out)
    assert "one split of the real" in repr(Report(RESULTS, replace(SETUP, splits=1)))


def test_json_is_strict_and_says_who_is_real() -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    odd = result("New rows", float("inf"))
    record = json.loads(Report((*RESULTS, odd), SETUP).to_json(), parse_constant=refuse)
    assert record["report"] == "synthetic patients compared with real patients"
    assert record["synthetic"] == {"patients": 1_000, "made_by": "Made offline."}
    assert record["real"] == {"patients": 700, "held_out": 0}
    assert record["setup"]["columns"] == ["age", HOSTILE]
    assert set(record["versions"]) >= {"synth_magic", "python", "pandas", "sdmetrics"}
    shapes, correlations = record["results"][0], record["results"][4]
    assert shapes["synthetic"]["splits"] == [0.9, 0.92]
    assert shapes["real"] == {"mean": 0.97, "splits": [0.97]}
    assert correlations["synthetic"] == {"mean": None, "sd": None, "splits": []}
    assert record["results"][-1]["synthetic"]["splits"] == [None]


def test_the_page_is_whole_and_names_are_no_elements() -> None:
    page = Elements(FULL.to_html())
    assert page.open == []
    assert page.handlers == []
    assert "script" not in page.names
    assert page.names.count("img") == 4
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)
    assert page.text.count(HOSTILE) > 4
    assert "What Boosted-tree AUC means." in page.text
    assert "Every column by itself" in page.text


def test_a_notebook_shows_the_page() -> None:
    assert REPORT._repr_html_() == REPORT.to_html()


def test_a_copy_holds_no_patient_and_says_so() -> None:
    for other in (copy.copy(FULL), copy.deepcopy(FULL), pickle.loads(pickle.dumps(FULL))):
        assert other.tables is None
        assert (other.results, other.setup) == (RESULTS, SETUP)
        assert NO_PATIENTS in Elements(other.to_html()).text
        with pytest.raises(SettingError, match="pictures need the patients, which a copy"):
            other.plot("marginals")


def test_a_plot_that_does_not_exist_is_named_with_the_nearest() -> None:
    with pytest.raises(SettingError) as error:
        FULL.plot("marginal")
    assert str(error.value) == (
        "there is no plot 'marginal' (did you mean 'marginals'?); the plots are 'marginals', "
        "'correlations', 'pairs', 'distances', 'coefficients'"
    )
    with pytest.raises(SettingError, match="nothing to draw for 'coefficients'"):
        FULL.plot("coefficients")


def test_it_is_written_as_a_page_or_as_json(tmp_path: Path) -> None:
    page, figures = REPORT.write(tmp_path / "report.html"), REPORT.write(tmp_path / "r.JSON")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert Elements(page.read_text(encoding="utf-8")).open == []
    assert json.loads(figures.read_text(encoding="utf-8")) == REPORT.to_dict()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.JSON", "report.html"]


def test_other_endings_and_places_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as ending:
        REPORT.write("report.htm")
    assert str(ending.value) == (
        "report.htm: write to a name ending in .html or .json (did you mean '.html'?)"
    )
    with pytest.raises(FileError, match=r"cannot write .*: no such file or directory"):
        REPORT.write(tmp_path / "nowhere" / "report.html")
