from __future__ import annotations

from dataclasses import replace

from synth_magic import Cohort
from synth_magic.engines.answer import Usage
from synth_magic.notebook.binding import Binding
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.commands.history import history


def lines(binding: Binding) -> list[list[str]]:
    """The rows of the table, split where two spaces part the columns."""
    text = history(binding)["text/plain"]
    return [
        [cell.strip() for cell in line.split("  ") if cell.strip()]
        for line in text.splitlines()[2:]
    ]


def test_each_version_says_how_it_came_about_and_what_it_changed(binding: Binding) -> None:
    head, first, second, _ = lines(binding)
    assert head == ["made", "asked for", "made by", "rows", "seed", "tokens", "changed"]
    assert first == ["1", "described", "Adults with diabetes", "offline", "50", "0", "0"]
    assert second[:4] == ["2", "edited from 1", "age: mean 71", "hand"]
    assert second[-1].startswith("age: mean 63 → 71; 4 variables")


def test_the_present_version_is_marked_with_its_present_patients(binding: Binding) -> None:
    assert history(binding)["text/plain"].startswith("d: version 3 of 3\n")
    binding.restore(2)
    binding.draw(30, 4)
    _, first, second, third = lines(binding)
    assert (first[0], second[0], third[0]) == ("1", "→ 2", "3")
    assert second[4:6] == ["30", "4"]
    assert first[4:6] == third[4:6] == ["50", "0"]


def test_a_model_is_named_with_what_its_answer_took(bindings: Bindings, cohort: Cohort) -> None:
    origin = replace(cohort.origin, engine="claude", model="some-model", usage=Usage(1000, 200, 1))
    binding = bindings.add("d", replace(cohort, origin=origin).frame(), "described")
    again = replace(origin, engine="recorded", usage=Usage(1000, 200, 1, estimated=True))
    bindings.add("d", replace(cohort, origin=again).frame(), "refined", "older")
    _, asked, replayed = lines(binding)
    assert asked[2] == "some-model"
    assert asked[-1] == "1,200"
    assert replayed[3] == "some-model, recorded"
    assert replayed[-1] == "about 1,200"


def test_what_a_user_or_a_model_wrote_is_escaped_and_cut(binding: Binding) -> None:
    shown = history(binding)
    assert "<script>" not in shown["text/html"]
    assert "&lt;script&gt;alert(&quot;é&quot;)&lt;/script&gt; 🩺" in shown["text/html"]
    assert max(map(len, shown["text/plain"].splitlines())) < 250
