"""`%synthpatients catalogue [WORDS]`: what the clinical catalogue holds."""

from __future__ import annotations

from synth_magic.notebook.commands import grid


def catalogue(words: str) -> dict[str, str]:
    """Return the overview, the page of what has this name, or what fits the words.

    Raises SettingError for words without a letter or a figure.
    """
    from synth_magic.catalogue.pages.look import pages
    from synth_magic.notebook.pages.catalogue import page

    shown = pages(words)
    return {
        "text/plain": "\n\n\n".join(map(str, shown)),
        "text/html": grid.page(*map(page, shown)),
    }


def known_names() -> list[str]:
    """Return the names of variables, conditions and sources, which have pages."""
    from synth_magic.catalogue.load import catalogue as load

    store = load()
    return list(dict.fromkeys([*store.entries, *store.conditions, *store.sources]))
