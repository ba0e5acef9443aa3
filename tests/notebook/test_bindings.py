from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from synth_magic import Cohort, PatientFrame
from synth_magic.errors import RowsError, SettingError
from synth_magic.frame import SEEDS
from synth_magic.notebook.binding import Binding, State
from synth_magic.notebook.bindings import Bindings


@pytest.fixture
def namespace() -> dict[str, Any]:
    return {}


@pytest.fixture
def binding(namespace: dict[str, Any], cohort: Cohort) -> Binding:
    return Bindings(namespace).add("patients", cohort.frame())


def test_a_name_may_be_bound_again_while_it_is_as_it_was_drawn(binding: Binding) -> None:
    assert not binding.obstacle()


def test_a_deleted_name_may_be_bound_again(binding: Binding, namespace: dict[str, Any]) -> None:
    del namespace["patients"]
    assert not binding.obstacle()


def test_a_name_bound_to_something_else_is_the_users(
    binding: Binding, namespace: dict[str, Any]
) -> None:
    namespace["patients"] = namespace["patients"].dropna()
    assert binding.obstacle() == "patients stands for something else by now."


def edit_a_value(frame: Any) -> None:
    frame.loc[len(frame) // 2, "age"] += 1


def add_a_column(frame: Any) -> None:
    frame["smoker"] = True


def drop_a_column(frame: Any) -> None:
    del frame["crp"]


def relabel_the_rows(frame: Any) -> None:
    frame.index = frame["id"]


def name_the_rows(frame: Any) -> None:
    frame.index.name = "patient"


def name_the_columns(frame: Any) -> None:
    frame.columns.name = "variable"


def add_a_note(frame: Any) -> None:
    frame.attrs["note"] = "mine"


@pytest.mark.parametrize(
    "edit",
    [
        edit_a_value,
        add_a_column,
        drop_a_column,
        relabel_the_rows,
        name_the_rows,
        name_the_columns,
        add_a_note,
    ],
)
def test_a_frame_edited_in_place_is_the_users(
    binding: Binding, namespace: dict[str, Any], edit: Any
) -> None:
    edit(namespace["patients"])
    assert binding.obstacle() == "You have changed patients since it was drawn."


def test_a_binding_knows_its_patients_and_the_earlier_ones(
    binding: Binding, namespace: dict[str, Any], cohort: Cohort
) -> None:
    first = namespace["patients"]
    binding.draw(50, 1)
    second = namespace["patients"]
    assert second.equals(cohort.resample())
    assert binding.holds(second)
    assert binding.held(first)
    assert not binding.holds(first)
    assert binding.cohort.seed == 1


def test_a_binding_keeps_no_patients_alive(
    binding: Binding, namespace: dict[str, Any], cohort: Cohort
) -> None:
    first = weakref.ref(namespace["patients"])
    binding.draw(50, 1)
    second = weakref.ref(namespace.pop("patients"))
    gc.collect()
    assert first() is None
    assert second() is None


def test_patients_drawn_in_python_are_found_by_their_name(cohort: Cohort) -> None:
    frame = cohort.frame()
    bindings = Bindings({"_": frame, "mine": frame})
    binding = bindings.adopt(frame)
    assert binding is not None
    assert binding.name == "mine"
    assert bindings.of(frame) is binding


def test_patients_without_a_name_are_not_adopted(cohort: Cohort) -> None:
    frame = cohort.frame()
    assert Bindings({"_": frame}).adopt(frame) is None


def described(namespace: dict[str, Any], frame: PatientFrame, **given: Any) -> Binding:
    return Bindings(namespace).add("patients", frame, "described", **given)


def edit(cohort: Cohort, title: str) -> Cohort:
    return replace(cohort, spec=replace(cohort.spec, title=title))


def test_the_line_of_a_version_makes_the_same_patients(
    namespace: dict[str, Any], cohort: Cohort
) -> None:
    binding = described(namespace, cohort.frame(), source="%%synthpatients patients")
    binding.draw(30, 4)
    line = binding.version.line(binding.cohort)
    assert line == "%%synthpatients patients --rows 30 --seed 4"


def test_what_no_line_makes_has_none(binding: Binding, cohort: Cohort) -> None:
    assert not binding.version.line(cohort)
    binding.change(edit(cohort, "Other"), "edited", "the title")
    assert not binding.version.line(binding.cohort)


def test_other_rows_and_seeds_are_no_new_version(
    binding: Binding, namespace: dict[str, Any], cohort: Cohort
) -> None:
    binding.draw(30, 4)
    assert namespace["patients"].equals(cohort.resample(30, 4))
    assert len(binding.history) == 1


def test_a_change_is_a_version_that_can_be_undone_and_restored(
    binding: Binding, namespace: dict[str, Any], cohort: Cohort
) -> None:
    assert not binding.can_undo
    binding.change(edit(cohort, "Other"), "edited", "the title")
    assert (binding.version.number, binding.version.before) == (2, binding.history[1])
    binding.undo()
    assert binding.cohort == namespace["patients"].cohort == cohort
    binding.restore(2)
    assert binding.cohort.spec.title == namespace["patients"].cohort.spec.title == "Other"
    with pytest.raises(SettingError, match="there is no version 3: there are 1 to 2"):
        binding.restore(3)


def test_undo_goes_back_through_draws_and_stops_at_the_first(binding: Binding) -> None:
    for seed in (1, 2):
        binding.draw(50, seed)
    for seed in (1, 0, 0):
        binding.undo()
        assert binding.cohort.seed == seed


def test_what_cannot_be_drawn_changes_nothing(binding: Binding, namespace: dict[str, Any]) -> None:
    earlier = namespace["patients"]
    with pytest.raises(RowsError):
        binding.draw(0, 1)
    assert namespace["patients"] is earlier
    assert binding.holds(earlier)
    assert not binding.can_undo


def test_whoever_looks_is_told_of_each_draw(binding: Binding) -> None:
    seen: list[tuple[int, int]] = []

    def follow(state: State, frame: PatientFrame) -> Callable[[], None]:
        before = binding.cohort.rows
        return lambda: seen.append((before, binding.cohort.rows))

    binding.followers.append(follow)
    binding.draw(30, 4)
    binding.undo()
    assert seen == [(50, 30), (30, 50)]


def test_what_cannot_be_shown_changes_nothing(
    binding: Binding, namespace: dict[str, Any], cohort: Cohort
) -> None:
    def interrupted(*_: object) -> Callable[[], None]:
        raise KeyboardInterrupt

    binding.followers.append(interrupted)
    kept, state = namespace["patients"], binding.state
    for change in (
        lambda: binding.draw(30, 4),
        lambda: binding.change(edit(cohort, "Other"), "edited", "the title"),
        lambda: binding.run(cohort.resample(), "refined", "older", settings={"engine": "offline"}),
    ):
        with pytest.raises(KeyboardInterrupt):
            change()
    assert namespace["patients"] is kept
    assert binding.state is state
    assert len(binding.history) == 1
    assert not binding.can_undo
    assert binding.settings == {}


def test_the_next_seed_after_the_last_is_the_first(
    binding: Binding, namespace: dict[str, Any]
) -> None:
    binding.draw(50, SEEDS - 1)
    binding.draw(50)
    assert namespace["patients"].cohort.seed == 0


def test_settings_are_the_options_of_the_last_line_and_else_what_holds_now(cohort: Cohort) -> None:
    session = {"engine": "claude"}
    bindings = Bindings({}, lambda options: session | dict(options))
    binding = bindings.add("patients", cohort.frame())
    assert binding.settings == {"engine": "claude"}
    session["engine"] = "recorded"
    assert binding.settings == {"engine": "recorded"}
    bindings.add("patients", cohort.frame(), "described", settings={"engine": "offline"})
    session["model"] = "some-model"
    assert binding.settings == {"engine": "offline", "model": "some-model"}


def test_a_text_changes_what_it_changed_before(cohort: Cohort) -> None:
    def of(text: str) -> PatientFrame:
        return replace(cohort, origin=replace(cohort.origin, description=text)).frame()

    bindings = Bindings({})
    assert bindings.parent("patients", "one") is None
    first = bindings.add("patients", of("one"), "described").version
    assert bindings.parent("patients", "one") is None
    assert bindings.parent("patients", "two") is first
    bindings.add("patients", of("two"), "described", before=first)
    assert bindings.parent("patients", "two") is first
    assert bindings.present("patients") is bindings.parent("patients", "three")


def test_a_name_that_is_not_there_has_a_near_one(binding: Binding, cohort: Cohort) -> None:
    bindings = Bindings({})
    with pytest.raises(SettingError, match="none were made since the kernel started"):
        bindings["patients"]
    bindings.add("patients", cohort.frame())
    with pytest.raises(SettingError, match=r"did you mean 'patients'\?\); the names are patients"):
        bindings["patient"]


def test_a_second_name_of_the_same_patients_leads_to_the_first(
    cohort: Cohort, namespace: dict[str, Any]
) -> None:
    bindings = Bindings(namespace)
    namespace["patients"] = namespace["r"] = cohort.frame()
    bindings.add("patients", namespace["patients"])
    with pytest.raises(SettingError, match=r"^r holds patients of patients: write patients i"):
        bindings["r"]


def test_patients_drawn_in_python_are_taken_under_the_name_that_is_asked_for(
    namespace: dict[str, Any], cohort: Cohort
) -> None:
    bindings = Bindings(namespace)
    namespace["mine"] = cohort.frame()
    assert bindings["mine"].version.how == "drawn in Python"
    namespace["mine"] = edit(cohort, "Other").frame()
    assert bindings["mine"].version.number == 2
    assert bindings["mine"].in_place
    namespace["mine"] = namespace["mine"].copy()
    assert bindings["mine"].version.number == 2
    assert not bindings["mine"].in_place
