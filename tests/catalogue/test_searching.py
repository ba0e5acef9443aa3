"""Finding variables, conditions and sources by words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from synth_magic.catalogue import condition, search, variable
from synth_magic.catalogue.load import catalogue
from synth_magic.errors import SettingError


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("systolic_bp", "systolic_bp"),
        ("Systolic blood pressure", "systolic_bp"),
        ("SBP", "systolic_bp"),
        ("LOINC 8480-6", "systolic_bp"),
        ("8480-6", "systolic_bp"),
        ("heart failure", "heart_failure"),
        ("hemoglobin", "haemoglobin"),
        ("haemoglobins", "haemoglobin"),
        ("pressure systolic", "systolic_bp"),
        ("haemogl", "haemoglobin"),
        ("haemoglobn", "haemoglobin"),
        ("hart falure", "heart_failure"),
    ],
)
def test_the_first_hit_is_what_is_meant(words: str, first: str) -> None:
    assert search(words)[0].name == first


def test_what_fits_whole_stands_before_what_begins_so_and_what_holds_the_words() -> None:
    labels = [hit.label.lower() for hit in search("age", 1000) if hit.kind == "variable"]
    whole, begins = labels.index("age"), labels.index("age at onset")
    holds = next(place for place, label in enumerate(labels) if label.endswith(" age"))
    assert whole < begins < holds


def test_variables_stand_before_conditions_and_sources_last() -> None:
    kinds = [hit.kind for hit in search("heart failure", 100)]
    assert kinds[:2] == ["variable", "condition"]
    assert "source" not in kinds[: kinds.index("source")]
    assert set(kinds[kinds.index("source") :]) == {"source"}


def test_a_hit_says_what_it_was_found_by() -> None:
    assert search("sbp")[0].found_by == "sbp"
    assert search("sbp")[0].otherwise == "sbp"
    assert search("systolic_bp")[0].otherwise == ""


def test_every_label_finds_what_bears_it() -> None:
    store = catalogue()
    for kind, tables in (("variable", store.entries), ("condition", store.conditions)):
        for name, label, _ in tables.spellings():
            assert (kind, name) in {(hit.kind, hit.name) for hit in search(label, 50)}, label


def test_every_source_is_found_by_its_id() -> None:
    for source in catalogue().sources:
        assert ("source", source) in {(hit.kind, hit.name) for hit in search(source, 50)}


def test_the_limit_holds_and_the_total_counts_all() -> None:
    few, many = search("pressure", 3), search("pressure", 1000)
    assert len(few) == 3 < few.total == many.total == len(many)
    assert tuple(few) == many[:3]
    assert f"{few.total} in the catalogue fit “pressure”, the first 3" in repr(few)
    assert few.frame().name.tolist() == [hit.name for hit in few]


def test_nothing_found_says_so() -> None:
    nothing = search("xqzzvq")
    assert not nothing
    assert nothing.frame().empty
    assert repr(nothing) == "Nothing in the catalogue fits “xqzzvq”"
    assert "<table" not in nothing._repr_html_()


def test_hits_are_a_table_in_a_notebook_and_harmless() -> None:
    assert "systolic_bp" in search("sbp")._repr_html_()
    assert "<script>" not in search("<script> sbp")._repr_html_()
    assert "&lt;script&gt;" in search("<script> sbp")._repr_html_()


@pytest.mark.parametrize("words", ["", "  ", "°?!"])
def test_words_are_needed(words: str) -> None:
    with pytest.raises(SettingError, match="write the words to look for"):
        search(words)


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(SettingError, match="the limit must be 1 or more, not 0"):
        search("age", 0)


def test_a_very_long_text_is_no_trouble() -> None:
    assert search("heart failure " * 10_000)[0].name == "heart_failure"


def test_a_name_gives_its_variable_and_its_condition() -> None:
    assert variable("systolic_bp").unit == "mmHg"
    assert condition("heart_failure").kind == "disease"


def test_another_name_is_an_error_with_the_nearest() -> None:
    with pytest.raises(SettingError, match="no variable named 'sbp'; the nearest: systolic_bp"):
        variable("sbp")
    with pytest.raises(SettingError, match=r"no condition named 'hart failure'; .*: heart_failure"):
        condition("hart failure")
    with pytest.raises(SettingError, match=r"no condition named 'xqzzvq'$"):
        condition("xqzzvq")


def test_importing_the_catalogue_reads_nothing_and_looking_stays_light() -> None:
    code = (
        "import sys, synth_magic.catalogue as c;"
        "assert 'synth_magic.catalogue.load' not in sys.modules;"
        "c.search('sbp'); c.search('sbp');"  # its module must not take the function's place
        "print('numpy' in sys.modules, 'pandas' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
