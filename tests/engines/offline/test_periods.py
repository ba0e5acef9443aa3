"""Years of enrolment and lengths of follow-up."""

from __future__ import annotations

import pytest

from synth_magic.engines.offline.periods import period

YEARS = [
    ("recruited between 1984 and 1987", 1985.5),
    ("in the 1990s", 1995),
    ("in the early 2000s", 2002),
    ("since the late 1980s", 1988),
    ("admitted in 1997, 1999 and 2001", 1999),
    ("from 2015-04 to 2015-12", 2015.6),
    ("NHANES 2011-12", 2011.5),
    ("a registry, 2011-2012", 2011.5),
    ("in January 2020", 2020),
    ("Boston, USA, 1986", 1986),
    ("enrolled in 1970, with follow-up through the end of 1990", 1970),
    ("enrolled in 1970 and followed until December 1990", 1970),
    ("as before (Smith 2010), seen in 1995", 1995),
    ("seen in Pakistan (Lahore 2015)", 2015),
    ("by the 2013 guidelines, seen in 2016", 2016),
    ("men born in 1920, seen in 1970", 1970),
    ("infants born in 2010", 2010),
    ("2000 patients", 0),
    ("a mean of 1950 g", 0),
    ("patients with gout", 0),
]


@pytest.mark.parametrize(("text", "year"), YEARS)
def test_year_of_enrolment(text: str, year: float) -> None:
    assert period(text).year == pytest.approx(year, abs=0.1)


FOLLOWUPS = [
    ("followed for 5 years", 5),
    ("median follow-up 3.2 years", 3.2),
    ("followed up for a mean of 18 months", 1.5),
    ("followed for several months", 0.5),
    ("follow-up lasted several years", 5),
    ("follow-up between 4 and 8 years", 6),
    ("10-year mortality", 10),
    ("30-day readmission", 0.082),
    ("death within 90 days", 0.246),
    ("two years of follow-up", 2),
    ("in-hospital mortality", 0.03),
    ("died during the hospital stay", 0.03),
    ("enrolled in 1970, followed until 1990", 20),
    ("aged 5 years", 0),
    ("patients with gout", 0),
]


@pytest.mark.parametrize(("text", "years"), FOLLOWUPS)
def test_length_of_follow_up(text: str, years: float) -> None:
    assert period(text).followup_years == pytest.approx(years, rel=0.05)
