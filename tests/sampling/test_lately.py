"""A cohort is compiled once, however often it is read, drawn and checked."""

from __future__ import annotations

import pytest

from synth_magic.engines.answer import Origin
from synth_magic.frame import Cohort
from synth_magic.sampling import CompiledCohort, compiled, lately
from synth_magic.spec import CohortSpec
from tests.sampling.builders import AGE, SEX, cohort, share, with_facts


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[CohortSpec]:
    """The specifications that are compiled from now on, with nothing kept from before."""
    found: list[CohortSpec] = []
    compile_cohort = lately.compile_cohort

    def counting(spec: CohortSpec) -> CompiledCohort:
        found.append(spec)
        return compile_cohort(spec)

    monkeypatch.setattr(lately, "compile_cohort", counting)
    monkeypatch.setattr(lately, "_compiled", {})
    return found


def test_a_specification_and_the_same_with_its_facts_honoured_are_compiled_once(
    compilations: list[CohortSpec],
) -> None:
    spec = with_facts(cohort(SEX, AGE), share("sex", "male", 0.3))
    honoured = compiled(spec).spec
    assert honoured != spec
    Cohort(honoured, 0, 10, Origin("specification", "")).checks()
    assert compiled(spec) is compiled(honoured)
    assert compilations == [spec]


def test_the_oldest_gives_way(compilations: list[CohortSpec]) -> None:
    specs = [cohort(SEX, AGE, version=number + 1) for number in range(40)]
    for spec in (*specs, specs[-1], specs[0]):
        compiled(spec)
    assert compilations == [*specs, specs[0]]
