"""The catalogue's marginals in the units and codes of a description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from synth_magic.engines.offline.known import Demographics, in_own_terms
from synth_magic.engines.offline.stated import Figures
from synth_magic.engines.offline.subjects import Subject, read
from synth_magic.spec.model import By, Cell, MeanSD, Within
from tests.engines.offline.builders import SEX, entry, named, share_of, values, with_shares

NYHA = with_shares(I=0.1, II=0.4, III=0.3, IV=0.2)
BY_SEX = By(("sex",), (Cell(("female",), MeanSD(13, 1)), Cell(("male",), MeanSD(15, 1))))
BY_AGE = By(
    ("age",),
    (
        Cell(("[1, 2)",), MeanSD(11, 1.5)),
        Cell(("[2, 10)",), MeanSD(20, 5)),
        Cell(("[10, 18)",), MeanSD(50, 10)),
    ),
)
NOTHING = Figures({}, {})
NOBODY = Demographics({}, {"sex": with_shares(female=0.5, male=0.5), "age": MeanSD(6, 3, 1, 17)})


def of_codes(**meanings: tuple[str, ...]) -> Subject:
    nyha = read(named("nyha"), ())
    return replace(nyha, codes=tuple(meanings), meanings=meanings)


def beside(*others: Subject, marginals: Mapping[str, MeanSD] | None = None) -> Demographics:
    own = {one.entry.name: one for one in others if one.entry}
    return Demographics(own, {**NOBODY.marginals, **(marginals or {})})


# --- codes


def test_merged_codes_have_the_shares_of_both() -> None:
    found = in_own_terms(NYHA, of_codes(mild=("I", "II"), severe=("III", "IV")), NOBODY)
    assert share_of(found, "mild") == pytest.approx(0.5)
    assert share_of(found, "severe") == pytest.approx(0.5)


def test_a_code_that_is_parted_gives_each_part_the_same() -> None:
    found = in_own_terms(
        NYHA, of_codes(I=("I",), IIa=("II",), IIb=("II",), more=("III", "IV")), NOBODY
    )
    assert [share_of(found, code) for code in ("I", "IIa", "IIb", "more")] == pytest.approx(
        [0.1, 0.2, 0.2, 0.5]
    )


def test_patients_of_some_codes_keep_their_proportions() -> None:
    found = in_own_terms(NYHA, of_codes(III=("III",), IV=("IV",)), NOBODY)
    assert share_of(found, "III") == pytest.approx(0.6)


def test_codes_that_nobody_has_are_alike() -> None:
    mild = with_shares(I=0.5, II=0.5, III=0, IV=0)
    found = in_own_terms(mild, of_codes(III=("III",), IV=("IV",)), NOBODY)
    assert share_of(found, "IV") == pytest.approx(0.5)


# --- units


def test_numbers_are_in_the_user_s_unit() -> None:
    pressure = read(named("sbp", unit="kPa"), ())
    found = values(in_own_terms(MeanSD(120, 15), pressure, NOBODY))
    assert found.mean() == pytest.approx(120 * 0.133322, rel=1e-3)
    assert found.std() == pytest.approx(15 * 0.133322, rel=1e-2)


# --- by sex


def test_by_sex_there_is_a_cell_for_each_code_of_the_user() -> None:
    sex = read(named("Gender", codes="1=male 2=female", type="binary"), ())
    found = in_own_terms(BY_SEX, read(named("Hb"), ()), beside(sex))
    assert isinstance(found, By)
    assert found.parents == ("Gender",)
    medians = {cell.levels[0]: float(np.median(values(cell.marginal))) for cell in found.cells}
    assert medians == pytest.approx({"1": 15, "2": 13}, abs=0.01)


@pytest.mark.parametrize("women", [0.0, 0.3, 1.0])
def test_without_a_variable_of_sex_women_and_men_are_mixed_as_they_are_expected(
    women: float,
) -> None:
    parents = replace(NOBODY, marginals={"sex": with_shares(female=women, male=1 - women)})
    found = values(in_own_terms(BY_SEX, read(named("Hb"), ()), parents))
    assert found.mean() == pytest.approx(women * 13 + (1 - women) * 15, abs=0.03)
    assert found.std() == pytest.approx(np.sqrt(1 + women * (1 - women) * 4), rel=0.03)


def test_what_is_stated_of_two_kinds_of_groups_depends_on_neither() -> None:
    sex, haemoglobin = read(SEX, ()), read(named("Hb"), ())
    two = {Within("arm", "active"): NOTHING, Within("site", "A"): NOTHING}
    stated = replace(haemoglobin.stated, within=two)
    found = in_own_terms(BY_SEX, replace(haemoglobin, stated=stated), beside(sex))
    assert not isinstance(found, By)


# --- by age


@pytest.mark.parametrize(
    ("unit", "levels"),
    [("years", ["<2", "[2, 10)", ">=10"]), ("months", ["<24", "[24, 120)", ">=120"])],
)
def test_ages_leave_nobody_out_in_years_and_in_months(unit: str, levels: list[str]) -> None:
    age = read(named("age", unit=unit), (), children=True)
    found = in_own_terms(BY_AGE, read(named("weight"), (), children=True), beside(age))
    assert isinstance(found, By)
    assert [cell.levels[0] for cell in found.cells] == levels
    medians = [float(np.median(values(cell.marginal))) for cell in found.cells]
    assert medians == pytest.approx([11, 20, 50], abs=0.1)


def test_without_a_variable_of_age_the_ages_are_mixed_as_they_are_expected() -> None:
    toddlers = replace(NOBODY, marginals={"age": MeanSD(3, 0.2)})
    found = values(in_own_terms(BY_AGE, read(named("weight"), (), children=True), toddlers))
    assert found.mean() == pytest.approx(20, abs=0.1)
    everybody = values(in_own_terms(BY_AGE, read(named("weight"), (), children=True), NOBODY))
    assert 20 < everybody.mean() < 40


def test_by_sex_and_age_the_one_that_is_not_there_is_mixed() -> None:
    cells = [
        Cell((sex, ages), MeanSD(mean + (sex == "male"), 0.5))
        for sex in ("female", "male")
        for ages, mean in (("<10", 20), (">=10", 50))
    ]
    marginal = By(("sex", "age"), tuple(cells))
    weight = read(named("weight"), (), children=True)
    age = read(named("age"), (), children=True)
    found = in_own_terms(marginal, weight, beside(age))
    assert isinstance(found, By)
    assert found.parents == ("age",)
    assert [values(cell.marginal).mean() for cell in found.cells] == pytest.approx(
        [20.5, 50.5], abs=0.05
    )
    both = in_own_terms(marginal, weight, beside(read(SEX, ()), age))
    assert isinstance(both, By)
    assert both.parents == ("sex", "age")
    assert len(both.cells) == 4


def test_what_has_no_cells_stays_as_it_is() -> None:
    assert in_own_terms(entry("bmi").marginal, read(named("bmi"), ()), NOBODY) == (
        entry("bmi").marginal
    )
