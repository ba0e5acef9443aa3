"""What the user's codes mean: which of them is `yes`, `male` or class III of a catalogue entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.matching import entry_named
from synth_magic.catalogue.spelling import content, plain_name
from synth_magic.description.labels import is_missing, sex_of
from synth_magic.description.model import Code, DescribedVariable
from synth_magic.engines.offline import code_words
from synth_magic.engines.offline.code_words import NO, YES, spelt

Meanings = Mapping[str, tuple[str, ...]]

_SHORTEST_WORD = 4


def meanings(described: DescribedVariable, entry: Entry) -> Meanings | None:
    """Return for each code of a variable the codes of an entry that it stands for.

    Two codes of a variable stand for the same codes where the entry is coarser. A code for
    `unknown` stands for what no other code does, or is left out. None where a code stands for
    nothing, where all stand for the same, or where two share but a part.
    """
    known = entry.codes
    if not known:
        return None
    if not described.codes:
        if described.type != "binary" or len(known) == 2:
            return {code: (code,) for code in known}
        described = DescribedVariable(
            described.name, described.label, "binary", codes=(Code("no"), Code("yes"))
        )
    said = [code for code in described.codes if not is_missing(code.label or code.code)]
    reader = _Reader.of(described, entry)
    claims = reader.claims(described.codes) if len(said) == len(described.codes) else None
    settled = None if claims is None else _settled(claims, known)
    if settled is None and 2 <= len(said) < len(described.codes):
        claims = reader.claims(said)
        settled = None if claims is None else _settled(claims, known)
    return settled


def low_to_high(codes: Sequence[str], meaning: Meanings, entry: Entry | None) -> list[str]:
    """Return the codes of a binary variable in order: numbers rising, no before yes."""
    if all(code.isdecimal() for code in codes):
        return sorted(codes, key=int)
    if entry is not None and entry.codes:
        return sorted(codes, key=lambda code: entry.codes.index(meaning[code][0]))
    return sorted(codes, key=lambda code: plain_name(code) in YES)


def _settled(claims: Mapping[str, frozenset[str]], known: Sequence[str]) -> Meanings | None:
    """Leave to each code what no narrower one claims."""
    left = {
        code: claim.difference(*(other for other in claims.values() if other < claim))
        for code, claim in claims.items()
    }
    different = set(left.values())
    if not all(left.values()) or (len(left) > 1 and len(different) == 1):
        return None
    if sum(map(len, different)) > len(frozenset().union(*different)):
        return None
    return {code: tuple(own for own in known if own in claim) for code, claim in left.items()}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the codes of a variable as those of an entry.

    `names` are the entry's codes by all their spellings, `levels` by their numbers. `affirmed` are
    the codes that `yes` stands for.
    """

    entry: Entry
    names: Mapping[str, str]
    levels: Mapping[float, str]
    affirmed: frozenset[str]
    own_names: frozenset[str]

    @classmethod
    def of(cls, described: DescribedVariable, entry: Entry) -> _Reader:
        names: dict[str, str] = {}
        for code in entry.codes:
            names.setdefault(spelt(code), code)
        for code, others in entry.code_names.items():
            for other in others:
                names.setdefault(spelt(other), code)
        own = [plain_name(text) for text in (described.name, described.label) if text]
        affirmed = frozenset({"yes"} & {*entry.codes}) or frozenset(entry.yes_codes)
        named = next((code for name in own if (code := _code_named(name, entry, names))), "")
        if named:
            affirmed = frozenset({named})
        levels = code_words.levels_of(entry.codes)
        return cls(entry, names, levels, affirmed, frozenset(own))

    @property
    def is_binary(self) -> bool:
        return {"no", "yes"} == {*self.entry.codes}

    def claims(self, codes: Sequence[Code]) -> Mapping[str, frozenset[str]] | None:
        """Return the codes of the entry that each code claims; None if one claims nothing."""
        said = {code.code: code.label or code.code for code in codes}
        plain = {code: spelt(text) for code, text in said.items()}
        if not self.is_binary and self.affirmed and {*plain.values()} <= (YES | NO) - {"0", "1"}:
            return {code: self._answer(word) for code, word in plain.items()}
        found = {code: self._claim(text) for code, text in said.items()}
        for code, text in said.items():
            if not found[code] and text != code and not _is_number(code):
                found[code] = self._claim(code)
        if all(found.values()):
            return found
        if all(text == code for code, text in said.items()) and not self.is_binary:
            return self._unlabelled(found)
        if not self.is_binary:
            return self._between(found) if self.entry.type == "ordinal" else None
        return self._by_number(found) or self._kinds(found, plain)

    def _claim(self, text: str) -> frozenset[str]:
        """Return the codes that a text stands for by the first reading that makes sense of it."""
        readings = (
            self._left_over, self._named, self._answered, self._in_range, self._denied,
            self._merged, self._by_word,
        )  # fmt: skip
        return next((claimed for reading in readings if (claimed := reading(text))), frozenset())

    @property
    def _all(self) -> frozenset[str]:
        return frozenset(self.entry.codes)

    def _answer(self, word: str) -> frozenset[str]:
        return self.affirmed if word in YES else self._all - self.affirmed

    def _says_it(self, plain: str) -> bool:
        """Tell whether a label says the name of the entry or of the variable."""
        if not self.is_binary:
            return False
        return plain in self.own_names or entry_named(plain) is self.entry

    def _named(self, text: str) -> frozenset[str]:
        found = (self.names.get(name) for name in code_words.variants(text))
        return frozenset(list(filter(None, found))[:1])

    def _answered(self, text: str) -> frozenset[str]:
        plain = spelt(text)
        if self.is_binary and plain in YES | NO:
            return self._answer(plain)
        return self.affirmed if self._says_it(plain) else frozenset()

    def _in_range(self, text: str) -> frozenset[str]:
        return frozenset(code_words.in_range(text, self.levels))

    def _denied(self, text: str) -> frozenset[str]:
        what = code_words.denied(text)
        claimed = self._claim(what) if what else frozenset()
        return self._all - claimed if claimed else frozenset()

    def _left_over(self, text: str) -> frozenset[str]:
        is_own = is_missing(text) and spelt(text) in self.names
        return self._all if code_words.is_leftover(text) and not is_own else frozenset()

    def _merged(self, text: str) -> frozenset[str]:
        parts = code_words.parts(text)
        claims = [self._claim(part) for part in parts] if len(parts) > 1 else []
        return frozenset().union(*claims) if all(claims) else frozenset()

    def _by_word(self, text: str) -> frozenset[str]:
        """Return the one code among whose words all those of a text are."""
        said = content(spelt(text))
        if len(text) < _SHORTEST_WORD or not said:
            return frozenset()
        found = frozenset(code for code in self.entry.codes if said <= content(spelt(code)))
        return found if len(found) == 1 else frozenset()

    def _unlabelled(
        self, found: Mapping[str, frozenset[str]]
    ) -> Mapping[str, frozenset[str]] | None:
        """Read bare numbers by their order, and bare letters as initials."""
        if all(map(_is_number, found)):
            if any(found.values()):
                return None
            if self.entry.type == "ordinal" and len(found) == len(self.entry.codes) > 2:
                own = zip(sorted(found, key=float), self.entry.codes, strict=True)
                return {code: frozenset({meant}) for code, meant in own}
            answers = self.affirmed and {*found} == {"0", "1"}
            return {code: self._answer(code) for code in found} if answers else None
        claims = {code: claim or self._initial(code.casefold()) for code, claim in found.items()}
        return claims if all(claims.values()) else None

    def _initial(self, letter: str) -> frozenset[str]:
        names = {code: (code, *self.entry.code_names.get(code, ())[:1]) for code in self._all}
        found = frozenset(
            code for code, spelt in names.items() if any(s[:1].casefold() == letter for s in spelt)
        )
        return found if len(found) == 1 else frozenset()

    def _between(self, found: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]] | None:
        """Read codes listed in the entry's order: one that is unclear lies between its neighbours.

        It stands for what nobody claims there, or else for what the neighbour above it does.
        """
        order = self.entry.codes
        clear = [(at, claim) for at, claim in enumerate(found.values()) if claim]
        places = [max(map(order.index, claim)) for _, claim in clear]
        if 2 * len(clear) <= len(found) or len(clear) < 2 or places != sorted(set(places)):
            return None
        claimed = frozenset().union(*found.values())
        read = dict(found)
        for at, code in enumerate(found):
            if not found[code]:
                low = max(
                    (p for p, (i, _) in zip(places, clear, strict=True) if i < at), default=-1
                )
                high = min((p for p, (i, _) in zip(places, clear, strict=True) if i > at),
                           default=len(order))  # fmt: skip
                free = frozenset(order[low + 1 : high]) - claimed
                read[code] = free or frozenset({order[min(high, len(order) - 1)]})
        return read

    def _by_number(
        self, found: Mapping[str, frozenset[str]]
    ) -> Mapping[str, frozenset[str]] | None:
        """Read 0 and 1 with labels of which one alone is clear, if that agrees with its number."""
        if {*found} != {"0", "1"}:
            return None
        by_number = {code: self._answer(code) for code in found}
        agree = all(claim in (frozenset(), by_number[code]) for code, claim in found.items())
        return by_number if agree and any(found.values()) else None

    def _kinds(
        self, found: Mapping[str, frozenset[str]], plain: Mapping[str, str]
    ) -> Mapping[str, frozenset[str]] | None:
        """Read labels beside a plain `no` or `none` as kinds of what the entry asks for."""
        unclear = [code for code, claim in found.items() if not claim]
        clear = {plain[code] for code in found if code not in unclear}
        if (
            len(clear) != 1
            or not clear <= {"no", "none", "absent"}
            or any(_is_number(plain[code]) for code in unclear)
        ):
            return None
        return {code: claim or self.affirmed for code, claim in found.items()}


def _code_named(name: str, entry: Entry, names: Mapping[str, str]) -> str:
    """Return the code that the name of a variable says, as `male` does of sex."""
    sex = sex_of(name) if entry.name == "sex" else ""
    return sex or names.get(name, "")


def _is_number(code: str) -> bool:
    return code.replace(".", "", 1).isdecimal()
