"""The tab of the marginals: small multiples, or one variable large, beside what one likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd

from synth_magic.catalogue.matching import usual_limits
from synth_magic.notebook.pages.html import unseen
from synth_magic.notebook.panel.paging import Pages, words_of
from synth_magic.notebook.panel.pieces import Listener, dropdown, row
from synth_magic.notebook.panel.references import References
from synth_magic.notebook.plots import PER_PAGE, WIDTH, SmallMultiples, described, large, pictured
from synth_magic.notebook.words import in_short

if TYPE_CHECKING:
    from synth_magic.notebook.binding import Binding
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene
    from synth_magic.spec import Variable

ALL, NOBODY = "all variables", "nothing"
ADULT = 18
_LETTERS = 40


class Marginals:
    """An image, the choice of what is on it, and the same in words for those who do not see it."""

    title = "Marginals"

    def __init__(self, binding: Binding, notice: Notice) -> None:
        self._binding, self._notice = binding, notice
        self._references = References(binding)
        self._multiples, self._first = SmallMultiples(), SmallMultiples()
        self._user = Listener()
        self._page: tuple[Scene, str, bytes] | None = None
        self.image = widgets.Image(format="png", width=WIDTH)
        self.words = widgets.HTML()
        self.variable = self._choice("Variable", "variable")
        self.split = self._choice("split by", "split")
        self.beside = self._choice("beside", "beside")
        self.pages: Pages[Variable] = Pages(PER_PAGE, "variables", words_of, self._redraw)
        choices = row([self.variable, self.split, self.beside])
        self.box = widgets.VBox([choices, self.pages.box, self.image, self.words])

    def show(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Draw these patients."""
        self._offer(scene, frame)
        self._draw(frame)

    def first_page(self, scene: Scene, frame: pd.DataFrame) -> bytes:
        """Return the picture of the first variables, for the static page; nothing is shown."""
        references = References(self._binding)
        references.offer(scene, frame)
        beside = _kept(self.beside, _beside(references), references.usual)
        variables = pictured(scene.cohort.spec, frame)[:PER_PAGE]
        png = _drawn(self._first, scene, frame, variables, references.chosen(beside))
        self._page = scene, beside, png
        return png

    def _offer(self, scene: Scene, frame: pd.DataFrame) -> None:
        """Offer what there is to choose from, and keep what is chosen where it is still there."""
        self._scene = scene
        self._all = {v.name: v for v in pictured(scene.cohort.spec, frame)}
        names = [(in_short(name, _LETTERS), name) for name in self._all]
        with self._user.deaf():
            _options(self.variable, [(ALL, ""), *names])
            _options(self.split, [(NOBODY, ""), *names])
            self._references.offer(scene, frame)
            _options(self.beside, _beside(self._references), self._references.usual)
        self.pages.show(tuple(self._all.values()))

    def _draw(self, frame: pd.DataFrame) -> None:
        alone = self._all.get(self.variable.value or "")
        self.split.disabled = alone is None
        variables = self.pages.seen if alone is None else (alone,)
        beside = self.beside.value or ""
        if alone is not None:
            reference, name = self._references.chosen(beside)
            self.image.value = large(
                frame,
                alone,
                cohort=self._scene.cohort.compiled,
                split=self._all.get(self.split.value or ""),
                reference=reference,
                reference_name=name,
                usual=_usual([alone], frame).get(alone.name),
            )
        elif self.pages.first and (page := self._first_page(beside)) is not None:
            self.image.value = page
        else:
            chosen = self._references.chosen(beside)
            self.image.value = _drawn(self._multiples, self._scene, frame, variables, chosen)
        self.words.value = unseen(described(frame, variables))

    def _first_page(self, beside: str) -> bytes | None:
        """Return the first page if it was drawn of what is seen now."""
        if self._page is None:
            return None
        scene, chosen, png = self._page
        return png if scene is self._scene and chosen == beside else None

    def _choice(self, description: str, name: str) -> widgets.Dropdown:
        choice = dropdown(description, name, width="19em", labels="5em")
        choice.options = [("", "")]
        choice.observe(self._chosen, "value")
        return choice

    def _chosen(self, _: Any) -> None:
        if self._user.listens:
            self.pages.box.layout.visibility = "hidden" if self.variable.value else "visible"
            self._redraw()

    def _redraw(self) -> None:
        with self._notice.catching():
            self._draw(self._scene.cohort.frame())


def _beside(references: References) -> list[tuple[str, str]]:
    return [(NOBODY, ""), *references.names]


def _options(choice: widgets.Dropdown, options: list[tuple[str, str]], usual: str = "") -> None:
    """Set what can be chosen."""
    value = _kept(choice, options, usual)
    if list(choice.options) != options:
        choice.options = options
        choice.value = value


def _kept(choice: widgets.Dropdown, options: list[tuple[str, str]], usual: str) -> str:
    """Return what was chosen if it stays, or else the usual choice."""
    before = choice.value or ""
    if list(choice.options) == options:
        return before
    return before if before and before in dict(options).values() else usual


def _drawn(
    multiples: SmallMultiples,
    scene: Scene,
    frame: pd.DataFrame,
    variables: Sequence[Variable],
    beside: tuple[pd.DataFrame | None, str],
) -> bytes:
    reference, name = beside
    return multiples.draw(
        frame,
        variables,
        cohort=scene.cohort.compiled,
        reference=reference,
        reference_name=name,
        usual=_usual(variables, frame),
    )


def _usual(
    variables: Sequence[Variable], frame: pd.DataFrame
) -> dict[str, tuple[float | None, float | None]]:
    """Return the limits that the catalogue calls usual in adults, where it knows them."""
    if _are_children(frame):
        return {}
    found = {v.name: usual_limits(v.name, v.label, v.unit) for v in variables}
    return {name: (limits.low, limits.high) for name, limits in found.items() if limits}


def _are_children(frame: pd.DataFrame) -> bool:
    """Return whether half of the patients or more are under 18 years old."""
    ages = [name for name in frame.columns if str(name).casefold() == "age"]
    return bool(ages) and bool(pd.to_numeric(frame[ages[0]], errors="coerce").median() < ADULT)
