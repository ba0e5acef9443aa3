"""`%synthpatients catalogue` in a real shell."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from synth_magic.catalogue.load import catalogue
from synth_magic.errors import SettingError
from synth_magic.notebook.commands.catalogue import known_names
from tests.notebook.pages.elements import Elements, is_harmless, text


def shown(shell: InteractiveShell, words: str) -> dict[str, str]:
    with capture_output() as captured:
        assert shell.run_line_magic("synthpatients", f"catalogue {words}") is None
    (output,) = captured.outputs
    data: dict[str, str] = output.data
    return data


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("", "The clinical catalogue"),
        ("systolic_bp", "Systolic blood pressure (variable systolic_bp)"),
        ("heart failure", "“heart failure”"),
        ('"heart failure"', "“heart failure”"),
        ("Crohn's disease", "“Crohn's disease”"),
        ("xqzzvq", "Nothing in the catalogue fits “xqzzvq”"),
    ],
)
def test_words_give_a_page_as_text_and_as_html(
    shell: InteractiveShell, words: str, title: str
) -> None:
    bundle = shown(shell, words)
    assert title in bundle["text/plain"].splitlines()[0]
    assert title in text(bundle["text/html"])
    assert ("div", {"class": "synthpatients"}) in Elements(bundle["text/html"]).elements


def test_what_is_typed_is_data(shell: InteractiveShell) -> None:
    html = shown(shell, "<script>alert(1)</script>")["text/html"]
    assert is_harmless(html)
    assert "<script>alert(1)</script>" in text(html)


def test_words_without_a_letter_are_refused(shell: InteractiveShell) -> None:
    with pytest.raises(SettingError, match="write the words to look for"):
        shell.run_line_magic("synthpatients", "catalogue ?!")


def test_every_name_is_offered_once() -> None:
    names, store = known_names(), catalogue()
    assert len(names) == len(set(names))
    assert {*store.entries, *store.conditions, *store.sources} == set(names)
