"""Finding one's way among many things: a box to search in, and pages to turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import ipywidgets as widgets

from synth_magic.notebook.panel.pieces import hide, row

if TYPE_CHECKING:
    from synth_magic.spec import Variable

Item = TypeVar("Item")


class Pages(Generic[Item]):
    """Items that are found by their words, a page at a time; hidden where one page holds all.

    `turned` is called when another page is to be seen, or other items are looked for; `words` gives
    the text that an item is found by; `found` are the items of all pages.
    """

    def __init__(
        self, size: int, noun: str, words: Callable[[Item], str], turned: Callable[[], None]
    ) -> None:
        self._size, self._noun, self._words, self._turned = size, noun, words, turned
        self._all: Sequence[Item] = ()
        self.found: Sequence[Item] = ()
        self._page = 0
        self.search = widgets.Text(
            placeholder=f"Find {noun}",
            continuous_update=False,
            tooltip=f"Show only {noun} with these letters",
            layout=widgets.Layout(width="16em"),
        )
        self.previous = widgets.Button(description="Previous", icon="chevron-left")
        self.next = widgets.Button(description="Next", icon="chevron-right")
        self.place = widgets.Label()
        named = {"search": self.search, "previous": self.previous, "next": self.next}
        for name, widget in named.items():
            widget.add_class(f"sp-{name}")
        self.search.observe(self._searched, "value")
        self.previous.on_click(lambda _: self._turn(-1))
        self.next.on_click(lambda _: self._turn(+1))
        self.box = row([self.search, self.previous, self.place, self.next])

    def show(self, items: Sequence[Item]) -> None:
        """Take these items, and stay on the page if there is one."""
        self._all = items
        self._find()

    @property
    def seen(self) -> Sequence[Item]:
        """The items of the page."""
        start = self._page * self._size
        return self.found[start : start + self._size]

    @property
    def first(self) -> bool:
        """Whether the page is the first of all items."""
        return self._page == 0 and len(self.found) == len(self._all)

    def _find(self) -> None:
        wanted = self.search.value.strip().casefold()
        self.found = [item for item in self._all if wanted in self._words(item).casefold()]
        self._page = min(self._page, self._last)
        start = self._page * self._size
        of = f"of {len(self.found):,} {self._noun}"
        if self.found:
            self.place.value = f"{start + 1:,}–{start + len(self.seen):,} {of}"
        else:
            self.place.value = f"none of {len(self._all):,} {self._noun} has these letters"
        alone = self._last == 0
        self.previous.disabled = self.next.disabled = alone
        hide(self.box, when=len(self._all) <= self._size)

    @property
    def _last(self) -> int:
        return max(0, (len(self.found) - 1) // self._size)

    def _searched(self, _: Any) -> None:
        self._page = 0
        self._find()
        self._turned()

    def _turn(self, by: int) -> None:
        self._page = (self._page + by) % (self._last + 1)
        self._find()
        self._turned()


def words_of(variable: Variable) -> str:
    """Return the words that a variable is found by."""
    return f"{variable.name} {variable.label} {variable.type} {variable.unit}"
