"""The specification in a clinician's words."""

from __future__ import annotations

import pytest

from synth_magic.notebook.pages.specification import distribution, relations, variables
from synth_magic.spec import (
    Association,
    By,
    Cell,
    CohortSpec,
    DigitPreference,
    Fact,
    Formula,
    Identifier,
    MeanSD,
    MedianIQR,
    MissingGroup,
    Quantiles,
    Rule,
    Share,
    Shares,
    Spike,
    Variable,
)

SEX = Shares((Share("female", 0.44), Share("male", 0.56)))


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        (Variable("age", "integer", MedianIQR(55, 62, 71, 40, 85)), "median 62 (55–71), 40 to 85"),
        (Variable("stay", "integer", MedianIQR(2, 4, 9, 0)), "median 4 (2–9), from 0"),
        (Variable("spo2", "integer", MeanSD(96, 2, high=100)), "mean 96 (SD 2), up to 100"),
        (Variable("hb", "continuous", MeanSD(13.12, 1.4), decimals=1), "mean 13.12 (SD 1.4)"),
        (
            Variable("age", "integer", Quantiles(40, 42, 45, 55, 62.04, 71, 80, 83, 85)),
            "median 62 (55–71), 5th to 95th percentile 45–80, 40 to 85",
        ),
        (Variable("sex", "binary", SEX), "female 44%, male 56%"),
        (
            Variable("hb", "continuous", By(("sex",), (Cell(("female",), MeanSD(13, 1)),
                                                       Cell(("male",), MeanSD(15, 2))))),
            "by sex: female: mean 13 (SD 1); male: mean 15 (SD 2)",
        ),
        (Variable("bmi", "continuous", Formula("weight / height ** 2")),
         "computed: weight / height ** 2"),
        (Variable("id", "identifier", Identifier("P###")), "numbered: P###"),
        (
            Variable("packs", "integer", MeanSD(12, 9, 0, 90), spikes=(Spike(0, 0.45),),
                     digit_preference=DigitPreference(5, 0.3)),
            "mean 12 (SD 9), 0 to 90; exactly 0 in 45%; 30% recorded to the nearest 5",
        ),
        (
            Variable("visit", "date", MedianIQR(10, 31, 60), unit="days since 2015-01-01"),
            "median 2015-02-01 (2015-01-11–2015-03-02)",
        ),
        (Variable("income", "integer", MeanSD(45250, 12000)), "mean 45250 (SD 12,000)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_distribution_in_words(variable: Variable, words: str) -> None:
    assert distribution(variable) == words


def test_long_lists_are_cut() -> None:
    many = Shares(tuple(Share(f"c{i}", 0.05) for i in range(20)))
    assert distribution(Variable("ward", "categorical", many)).endswith("and 12 codes more")
    cells = tuple(Cell((f"c{i}",), MeanSD(1, 1)) for i in range(20))
    by_ward = Variable("x", "continuous", By(("ward",), cells))
    assert distribution(by_ward).endswith("and 14 groups more")


SPEC = CohortSpec(
    "A ward",
    "",
    (
        Variable("age", "integer", MeanSD(63, 11, 40, 85), "Age at entry", "years",
                 basis="“aged 63”", provenance="stated"),
        Variable("crp", "continuous", MedianIQR(1, 2, 5), unit="mg/L", missing=0.1,
                 provenance="model", certainty="low", hidden=True),
    ),
    (Association("age", "crp", 0.3, "older", "literature"),),
    (MissingGroup("bloods", ("crp",), 0.05, "age < 50"),),
    (Rule("age > 18", "adults"),),
    (Fact("aged 63", "age", "mean", 63),),
)  # fmt: skip


def test_a_row_says_what_a_variable_is_and_what_it_rests_on() -> None:
    page = variables(SPEC, SPEC.variables)
    for words in ("Age at entry", "integer, <bdi>years</bdi>", "“aged 63”", "not shown",
                  "10%, 5% with bloods when age &lt; 50", "model, low certainty"):  # fmt: skip
        assert words in page


def test_what_ties_the_variables_is_folded() -> None:
    page = relations(SPEC)
    assert page.count("<details>") == 4
    for words in ("age with crp: Spearman 0.3 (literature; older)", "age &gt; 18: adults",
                  "bloods: crp, in 5% of the patients with age &lt; 50",
                  "age: mean 63: “aged 63”"):  # fmt: skip
        assert words in page


def test_a_single_variable_has_no_relations() -> None:
    assert relations(CohortSpec("", "", SPEC.variables[:1])) == ""
