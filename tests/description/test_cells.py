from __future__ import annotations

import pytest

from synth_magic.description.cells import Context, figures_and_unit, is_blank, read_cell
from synth_magic.description.conventions import (
    COUNT_SHARE,
    MEAN_SD,
    MEDIAN_IQR,
    Convention,
    conventions_in,
)

MEAN = {"mean": 67.9, "sd": 9.4}
MEDIAN = {"p50": 51, "p25": 43, "p75": 70}


def read(text: str, context: Context | None = None) -> dict[str, float]:
    return {s.statistic: s.value for s in read_cell(text, context or Context()).stats}


@pytest.mark.parametrize(
    ("cell", "statistics"),
    [
        ("67.9 (9.4)", MEAN),
        ("67.9 ± 9.4", MEAN),
        ("67.9±9.4", MEAN),
        ("67.9 +/- 9.4", MEAN),
        ("67.9 (±9.4)", MEAN),
        ("67·9 (9·4)", MEAN),
        ("mean 67.9 (SD 9.4)", MEAN),
        ("mean=67.9, sd=9.4", MEAN),
        ("67.9 (SD 9.4)†", MEAN),
        ("51 [43–70]", MEDIAN),
        ("51 [43,70]", MEDIAN),
        ("51 [43; 70]", MEDIAN),
        ("median 51 (IQR 43 to 70)", MEDIAN),
        ("51 (IQR, 43–70)", MEDIAN),
        ("67.9±9.4 (18–94)", {**MEAN, "min": 18, "max": 94}),
        ("56.1%", {"share": 0.561}),
        ("1,234 (56.1%)", {"count": 1234, "share": 0.561}),
        ("56.1% (1,234)", {"count": 1234, "share": 0.561}),
        ("141/188 (75%)", {"count": 141, "total": 188, "share": 0.75}),
        ("1234 of 2373 (52)", {"count": 1234, "total": 2373, "share": 0.52}),
        ("0/134", {"count": 0, "total": 134}),
    ],
)
def test_the_shape_of_a_cell_tells_what_its_numbers_are(
    cell: str, statistics: dict[str, float]
) -> None:
    assert read(cell) == statistics


@pytest.mark.parametrize(
    ("cell", "convention", "statistics"),
    [
        ("51 (43–70)", MEDIAN_IQR, MEDIAN),
        ("51 (43, 70)", MEDIAN_IQR, MEDIAN),
        ("51 (43–70)", ("p50", "min", "max"), {"p50": 51, "min": 43, "max": 70}),
        ("234 (45.1)", COUNT_SHARE, {"count": 234, "share": 0.451}),
        ("45.1 (234)", ("share", "count"), {"count": 234, "share": 0.451}),
        ("56.1% (1234)", COUNT_SHARE, {"count": 1234, "share": 0.561}),
        ("0", COUNT_SHARE, {"count": 0}),
        ("45.1", ("share",), {"share": 0.451}),
        ("8.7 ± 1.6", ("share",), {"mean": 8.7, "sd": 1.6}),
        ("-3 to 84", ("min", "max"), {"min": -3, "max": 84}),
    ],
)
def test_a_stated_convention_decides(
    cell: str, convention: Convention, statistics: dict[str, float]
) -> None:
    assert read(cell, Context(convention)) == statistics


def test_a_bare_number_in_brackets_is_a_percentage_if_the_count_agrees() -> None:
    assert read("194 (64.9)", Context(total=299)) == {"count": 194, "share": 0.649}
    assert read("194 (64,9)", Context(total=299)) == {"count": 194, "share": 0.649}


def test_a_bare_number_in_brackets_is_an_sd_if_the_label_has_a_unit() -> None:
    assert read("68 (9)", Context(total=2373, has_unit=True)) == {"mean": 68, "sd": 9}


@pytest.mark.parametrize(
    "cell",
    ["68 (9)", "51 (43–70)", "2017-2018", "<0.001", "12% smokers", "<b>1</b>", "100 (50%-60%)"],
)
def test_what_is_ambiguous_is_not_read(cell: str) -> None:
    assert read(cell) == {}


def test_footnotes_decide_between_the_conventions_of_a_table() -> None:
    notes = conventions_in("Data are median (IQR), n (%), or n/N (%).")
    assert notes == (MEDIAN_IQR, COUNT_SHARE, ("count", "total", "share"))
    assert read("56·0 (46·0–67·0)", Context(notes=notes)) == {"p50": 56, "p25": 46, "p75": 67}
    assert read("0/134", Context(notes=notes)) == {"count": 0, "total": 134}


@pytest.mark.parametrize(
    ("note", "conventions"),
    [
        ("Plus–minus values are means ±SD.", (MEAN_SD,)),
        ("Values are mean ± standard deviation or number (percentage).", (MEAN_SD, COUNT_SHARE)),
        ("Continuous variables are means (standard deviations).", (MEAN_SD,)),
        ("Data are mean ± SE.", (("mean", "se"),)),
        ("Percentages may not total 100 because of rounding.", ()),
        ("A mean of 7.4 (SD 1.3) in patients (n = 12)", ()),
    ],
)
def test_conventions_are_read_from_notes(note: str, conventions: tuple[Convention, ...]) -> None:
    assert conventions_in(note) == conventions


def test_a_standard_error_is_no_sd() -> None:
    reading = read_cell("70.1 ± 0.4", Context(notes=(("mean", "se"),)))
    assert reading.get("sd") is None
    assert not reading.complete


def test_a_confidence_interval_leaves_the_cell_incomplete() -> None:
    reading = read_cell("70.1 (68.0 to 72.0)", Context(("mean", "ci_low", "ci_high")))
    assert reading.get("mean") == 70.1
    assert not reading.complete


@pytest.mark.parametrize("cell", ["", "—", "..", "···", "NA", "n/a", "&nbsp;"])
def test_an_empty_cell_is_blank(cell: str) -> None:
    assert is_blank(cell)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("64 (SD 9) years", ("64 (SD 9)", "years")),
        ("5.6 mmol/L", ("5.6", "mmol/L")),
        ("12 (45%)", ("12 (45%)", "")),
        ("40%", ("40%", "")),
        ("12 of 40", ("12 of 40", "")),
        ("about 64 years", ("about 64 years", "")),
    ],
)
def test_the_unit_after_figures(cell: str, parts: tuple[str, str]) -> None:
    assert figures_and_unit(cell) == parts
