"""What the user's codes mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.description.model import Code
from synth_magic.engines.offline.codes import low_to_high, meanings
from tests.engines.offline.builders import named

# Entry, name of the variable, its codes, and what they stand for: `a=b c` is ("b", "c") of "a".
UNDERSTOOD = [
    ("sex", "sex", "female|male", "female=female|male=male"),
    ("sex", "sex", "0=male|1=female", "0=male|1=female"),
    ("sex", "gender", "M|F", "M=male|F=female"),
    ("sex", "sex", "1=Men|2=Women", "1=male|2=female"),
    ("sex", "male", "0|1", "0=female|1=male"),
    ("sex", "Female sex", "no|yes", "no=male|yes=female"),
    ("death", "death", "0=alive|1=dead", "0=no|1=yes"),
    ("death", "status", "survived|died", "survived=no|died=yes"),
    ("diabetes", "dm", "absent|present", "absent=no|present=yes"),
    ("diabetes", "dm", "1|0", "1=yes|0=no"),
    ("diabetes", "dm", "N|Y", "N=no|Y=yes"),
    ("diabetes", "dm", "FALSE|TRUE", "FALSE=no|TRUE=yes"),
    ("diabetes", "dm", "1=Diabetes mellitus|2=No diabetes", "1=yes|2=no"),
    ("diabetes", "dm", "no|type 1|type 2", "no=no|type 1=yes|type 2=yes"),
    ("hypertension", "htn", "", "no=no|yes=yes"),
    ("hypertension", "htn", "no hypertension|hypertension", "no hypertension=no|hypertension=yes"),
    ("stroke", "stroke", "without stroke|previous stroke", "without stroke=no|previous stroke=yes"),
    ("nyha", "NYHA", "1|2|3|4", "1=I|2=II|3=III|4=IV"),
    ("nyha", "nyha", "3=III|4=IV", "3=III|4=IV"),
    ("nyha", "nyha", "I-II|III-IV", "I-II=I II|III-IV=III IV"),
    ("nyha", "nyha", "Class I/II|NYHA III or IV", "Class I/II=I II|NYHA III or IV=III IV"),
    ("nyha", "nyha", "<3|≥3", "<3=I II|≥3=III IV"),
    ("nyha", "nyha", "no|yes", "no=I II|yes=III IV"),
    ("tumour_stage", "stage", "Stage IIA|2b|stage IIIC", "Stage IIA=II|2b=II|stage IIIC=III"),
    ("tumour_stage", "stage", "1=localised|2=regional|3=distant", "1=I|2=III|3=IV"),
    ("tumour_stage", "stage", "1-2|3+", "1-2=I II|3+=III IV"),
    ("grade", "grade", "Grade 1|Grade 2|Grade 3-4", "Grade 1=1|Grade 2=2|Grade 3-4=3"),
    ("grade", "grade", "low|other", "low=1|other=2 3"),
    ("t_stage", "ct", "cT1|T2|3|T4", "cT1=T1|T2=T2|3=T3|T4=T4"),
    ("fibrosis_stage", "f", "0-1|2|3|4", "0-1=F0 F1|2=F2|3=F3|4=F4"),
    ("child_pugh", "cp", "Child-Pugh A|Child-Pugh B or C", "Child-Pugh A=A|Child-Pugh B or C=B C"),
    ("differentiation", "differ", "1=well|2=moderate|3=poor", "1=well|2=moderate|3=poor"),
    ("oedema", "edema", "0|0.5|1", "0=no|0.5=controlled|1=present"),
    ("oedema", "edema", "no|yes", "no=no controlled|yes=present"),
    ("mi_recurrent", "miord", "0=first|1=recurrent", "0=no|1=yes"),
    ("apoe4", "apoe4", "0|1", "0=0|1=1"),
    ("apoe4", "carrier", "non-carrier|≥1", "non-carrier=0|≥1=1 2"),
    ("race_ethnicity", "race", "W|B|H", "W=non-Hispanic White|B=non-Hispanic Black|H=Hispanic"),
    ("marital_status", "m", "married|not married", "married=married|not married=never married"),
    ("marital_status", "m", "married|other",
     "married=married|other=never married,divorced,separated,widowed,living with partner"),
    ("education", "edu", "college graduate|other",
     "college graduate=college graduate|other=less than high school,high school,some college"),
    ("race_ethnicity", "race", "white|black|other",
     "white=non-Hispanic White|black=non-Hispanic Black|other=Hispanic,non-Hispanic Asian,other"),
]  # fmt: skip
NOT_UNDERSTOOD = [
    ("sex", "sex", "0|1"),
    ("sex", "sex", "1|2"),
    ("sex", "sex", "male|female|other"),
    ("sex", "sex", "no|yes"),
    ("diabetes", "diabetes", "1|2"),
    ("diabetes", "diabetes", "yes|present"),
    ("diabetes", "diabetes", "0=type 1|1=type 2"),
    ("grade", "grade", "no|perhaps"),
    ("nyha", "nyha", "0|1|2|3"),
    ("nyha", "nyha", "I-III|II-IV"),
    ("tumour_stage", "stage", "blue|green"),
    ("race_ethnicity", "race", "1|2|3|4|5"),
    ("age", "age", "young|old"),
]


def codes(text: str) -> tuple[Code, ...]:
    return tuple(Code(*code.split("=")) for code in text.split("|")) if text else ()


def meant(text: str) -> dict[str, tuple[str, ...]]:
    """Return what a row of the table expects; codes with spaces are parted by commas."""
    found = {}
    known = {code for entry in catalogue().entries.values() for code in entry.codes}
    for pair in text.split("|"):
        code, _, own = pair.partition("=")
        found[code] = tuple(own.split(",")) if "," in own or own in known else tuple(own.split())
    return found


@pytest.mark.parametrize(("entry", "name", "own", "expected"), UNDERSTOOD)
def test_codes_are_understood_by_code_or_label(
    entry: str, name: str, own: str, expected: str
) -> None:
    known = catalogue().entries[entry]
    assert meanings(named(name, codes=codes(own)), known) == meant(expected)


@pytest.mark.parametrize(("entry", "name", "own"), NOT_UNDERSTOOD)
def test_codes_that_may_mean_anything_are_not_guessed(entry: str, name: str, own: str) -> None:
    assert meanings(named(name, codes=codes(own)), catalogue().entries[entry]) is None


WORDS = ["no", "yes", "I", "III-IV", "≥ 2", "other", "unknown", "never or former", "0", "1", ""]


@given(
    st.sampled_from([entry for entry in catalogue().entries.values() if entry.codes]),
    st.lists(st.sampled_from(WORDS) | st.text(max_size=20), min_size=1, max_size=5, unique=True),
)
def test_what_codes_stand_for_are_codes_of_the_entry(entry: Entry, said: list[str]) -> None:
    found = meanings(named("x", codes=tuple(map(Code, said))), entry)
    if found is not None:
        assert found.keys() <= {*said}
        assert all(meant and {*meant} <= {*entry.codes} for meant in found.values())


def test_a_code_for_unknown_is_left_out() -> None:
    described = named("x", codes=tuple(map(Code, ["yes", "no", "unknown"])))
    assert meanings(described, catalogue().entries["diabetes"]) == {"yes": ("yes",), "no": ("no",)}


@pytest.mark.parametrize(
    ("codes", "expected"),
    [(["2", "1"], ["1", "2"]), (["yes", "no"], ["no", "yes"]), (["SOC", "RT"], ["SOC", "RT"])],
)
def test_the_codes_of_a_binary_variable_rise(codes: list[str], expected: list[str]) -> None:
    assert low_to_high(codes, {}, None) == expected
