from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.description import Description, parse
from synth_magic.errors import DescriptionError

PROSE = "Adults with heart failure, aged 40 to 95.\n"
TABLE = "Age, mean (SD), years | 60.8 (11.9)\nDiabetes, n (%) | 125 (41.8)\n"


def assert_verbatim(description: Description) -> None:
    text = description.text
    for fact in description.facts:
        assert fact.start is not None
        assert text[fact.start : fact.start + len(fact.quote)] == fact.quote
    for quote in description.not_understood:
        assert text[quote.start : quote.start + len(quote.text)] == quote.text


def test_prose_before_a_table_adds_to_its_variables() -> None:
    description = parse(f"{PROSE}\n{TABLE}")
    assert [variable.name for variable in description.variables] == ["Age", "Diabetes"]
    age = description.variables[0]
    assert (age.low, age.high) == (40, 95)
    assert "heart failure" in description.population
    assert_verbatim(description)


def test_the_number_of_patients_in_the_prose_wins() -> None:
    table = "| | Overall (N=299) |\n|---|---|\n| Age, mean (SD) | 60.8 (11.9) |\n"
    assert parse(table).rows == 299
    assert parse(f"500 adults with heart failure.\n\n{table}").rows == 500


def test_a_caption_is_read_as_prose() -> None:
    description = parse(f"Table 1. Adults with heart failure (n=299).\n\n{TABLE}")
    assert "heart failure" in description.population
    assert "Table 1" not in description.population
    assert description.rows == 299


def test_a_footnote_is_listed_unless_it_states_how_to_read_the_table() -> None:
    description = parse(
        f"{TABLE}\n* Data are mean (SD) or n (%).\n† Race was reported by patients.\n"
    )
    assert [quote.text for quote in description.not_understood] == [
        "† Race was reported by patients."
    ]


def test_a_caption_that_says_how_to_read_the_table_brings_no_variables() -> None:
    caption = "Table 1. Continuous variables are means (standard deviations), others percentages."
    assert [v.name for v in parse(f"{caption}\n\n{TABLE}").variables] == ["Age", "Diabetes"]


def test_a_narrower_range_in_the_table_replaces_the_bound_of_adults() -> None:
    description = parse("Adults with heart failure.\n\nAge, median [Min, Max] | 60 [40, 95]\n")
    assert [f.value for f in description.facts if f.statistic == "min"] == [40]


def test_a_table_of_variables_and_a_table_one_may_follow_each_other() -> None:
    description = parse(f"name,type\nbmi,float\n\n{TABLE}")
    assert [variable.name for variable in description.variables] == ["bmi", "Age", "Diabetes"]


def test_windows_line_ends_are_no_part_of_a_cell() -> None:
    description = parse(TABLE.replace("\n", "\r\n"))
    assert [f.quote for f in description.facts][-1] == "Diabetes, n (%) | 125 (41.8)"
    assert_verbatim(description)


@pytest.mark.parametrize("mark", ["\t", " | "])
def test_tabs_and_pipes_between_words_make_no_table(mark: str) -> None:
    description = parse(f"Adults{mark}aged 40-85,{mark}56% male.")
    assert [(f.statistic, f.value) for f in description.facts] == [
        ("min", 40), ("max", 85), ("share", 0.56)
    ]  # fmt: skip
    assert_verbatim(description)


def test_a_caption_may_have_a_pipe_after_its_number() -> None:
    description = parse("Table 1 | Adults with heart failure\n\nAge, years    60 (10)\n")
    assert description.population == "Adults with heart failure"


@pytest.mark.parametrize(
    "heading",
    ["variable,type,mean\n", "Variable\tType\n", "| | All |\n|---|---|\n| | |\n", "|---|---|\n"],
)
def test_a_heading_without_rows_is_refused(heading: str) -> None:
    with pytest.raises(DescriptionError, match=r"line 3 .* is the heading of a table without rows"):
        parse(f"{PROSE}\n{heading}")


@pytest.mark.parametrize("body", [TABLE, "name,type,range\nage,int,40-85\n", "age: Age|int||\n"])
def test_a_byte_order_mark_is_no_part_of_the_text(body: str) -> None:
    plain, marked = parse(body), parse(f"\ufeff{body}")
    assert marked.variables == plain.variables
    assert [f.start for f in marked.facts] == [(f.start or 0) + 1 for f in plain.facts]
    assert_verbatim(marked)


def test_lines_may_end_as_on_an_old_mac() -> None:
    text = f"{PROSE}\n{TABLE}"
    assert parse(text.replace("\n", "\r")) == parse(text)


def test_a_quote_left_open_in_a_cell_is_refused() -> None:
    with pytest.raises(
        DescriptionError, match=r"^line 3 of the description opens a quote and does"
    ):
        parse('variable,type\n"age, years",int\n"bmi,float\n')


def test_bars_around_a_correlation_are_no_table() -> None:
    description = parse("Adults with heart failure, |r| = 0.3 between age and creatinine.")
    assert "heart failure" in description.population


CELLS = st.one_of(
    st.sampled_from(
        ["", "—", "67.9 (9.4)", "51 [43–70]", "12 (3%)", "5", "2017–2018", "mean 3 (SD 1)"]
    ),
    st.text(st.characters(exclude_characters="|\n\r\t\\", exclude_categories=["Cs"]), max_size=12),
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_quotes_are_verbatim_whatever_the_cells_hold(rows: list[tuple[str, str]]) -> None:
    text = "| Characteristic | N=100 |\n|---|---|\n" + "".join(f"| {a} | {b} |\n" for a, b in rows)
    with contextlib.suppress(DescriptionError):
        assert_verbatim(parse(text))


WORDS = st.sampled_from(
    [
        *("Age", "Sex", "Female", "Race", "Missing", "Overall", "(N=100)", "Name", "Type", "float"),
        *("mean (SD)", "n (%)", "median [IQR]", "range", "%", "years", "67.9 (9.4)", "12 (3%)"),
        *("51 [43–70]", "40-85", "1,234", "7,4", "±", "—", "0=no, 1=yes", "{0: a}", "Table 1."),
        *("|", "\t", "    ", "\n", "\n\n", "\r\n", ",", ";", '"', "- ", "* ", "|---|\n"),
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=40).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(DescriptionError):
        assert_verbatim(parse(text))


@given(
    mean=st.integers(200, 900).map(lambda tenths: tenths / 10),
    sd=st.integers(1, 199).map(lambda tenths: tenths / 10),
    layout=st.sampled_from(["{m} ({s})", "{m} ± {s}", "{m}±{s}", "mean {m} (SD {s})"]),
    separator=st.sampled_from([" | ", "\t", "      "]),
)
def test_mean_and_sd_are_read_in_every_layout(
    mean: float, sd: float, layout: str, separator: str
) -> None:
    cell = layout.format(m=mean, s=sd)
    description = parse(f"Age, years{separator}{cell}\n")
    assert {f.statistic: f.value for f in description.facts} == {"mean": mean, "sd": sd}
