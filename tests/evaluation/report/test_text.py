from __future__ import annotations

from synth_magic.evaluation.report.text import in_line, label


def test_text_is_one_line_that_prints() -> None:
    assert in_line("a\n b\u202e\x00c", 20) == "a bc"


def test_long_text_is_cut_at_its_end_and_a_long_name_in_its_middle() -> None:
    assert in_line("laboratory value 12", 11) == "laboratory…"
    assert label("laboratory_value_12", 11) == "laborat…_12"
    assert label("short", 11) == "short"
