"""HTML as a reader has it: elements, and the text between them."""

from __future__ import annotations

from html.parser import HTMLParser

EVIL = "<script>alert('x')</script><img src=x onerror=\"alert(1)\">&amp;"


class Elements(HTMLParser):
    """The elements of a page, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def text(html: str) -> str:
    """Return the text of a page, in one line."""
    return " ".join(Elements(html).text.split())


def is_harmless(html: str) -> bool:
    """Whether nothing of EVIL became markup."""
    page = Elements(html)
    tags = {tag for tag, _ in page.elements}
    return "script" not in tags and not any("onerror" in attrs for _, attrs in page.elements)
