"""Which variable, level or group of patients some words of the prose mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from synth_magic.description.labels import measured_in_percent
from synth_magic.description.model import DescribedVariable
from synth_magic.description.phrases import (
    CONDITIONS,
    FAMILIES,
    MEASUREMENTS,
    NOBODY_IN_PARTICULAR,
    OTHER_NAMES,
    PERSON,
    SCORES,
    STUDY,
    Spelling,
    fold,
    one_edit_apart,
    singular,
    snake_case,
    word_set,
)
from synth_magic.spec.model import CODED_TYPES, NUMERIC_TYPES

_ALIASES: dict[str, str] = {
    fold(words): name
    for names in (MEASUREMENTS, SCORES, CONDITIONS, OTHER_NAMES)
    for name, aliases in names.items()
    for words in (name, *aliases)
}
_SPELT = tuple(words for words, name in _ALIASES.items() if name not in SCORES)
_MEASURED = MEASUREMENTS.keys() | SCORES.keys()
_LEVELS: dict[str, tuple[str, str]] = {
    fold(words): (family, level)
    for family, levels in FAMILIES.items()
    for level, aliases in levels
    for words in (level, *aliases)
}
_NOISE = re.compile(
    r"^(?:baseline|initial|serum|plasma|overall|typical|usual|recorded|measured|known|prevalent"
    r"|concomitant|patients?'?s?|prevalence of|proportion of|share of|rate of|percentage of"
    r"|frequency of|incidence of|levels? of|values? of) "
)
_TIME = "(?:days?|weeks?|months?|years?)"
_LASTING = re.compile(
    rf"^(?:{_TIME}|length|duration|time) of |[ _](?:time|duration|period)?[ _]?(?:in )?{_TIME}$"
    r"| (?:time|duration|period)$",
    re.I,
)
"""What a column of a duration says besides: `Days of follow-up`, `followup_days`."""
_STATUS = re.compile(
    r" (?:itself|within|status|levels?|values?|measurements?|data|results?|concentrations?)$"
)
_STANDS_ALONE = word_set(
    "bmi systolic_bp diastolic_bp hba1c egfr ldl_cholesterol hdl_cholesterol total_cholesterol"
    " triglycerides crp lvef nt_probnp bnp fev1 oxygen_saturation"
)
_COMMON_CODES = frozenset({"", "yes", "no", "unknown", "other"})
_LONGEST_NAME = 6
_LONG_ENOUGH_TO_MISSPELL = 4

_EVERYONE = re.compile(rf"(?:(?:[a-z'-]+ )?{NOBODY_IN_PARTICULAR}|(?:[a-z'-]+ ){{0,3}}{STUDY})")
_MEMBERS = re.compile(rf"(?:(?:{PERSON}|those|adult) )?(?P<how>with|without|on) (?P<what>.+)")
_ARM = re.compile(rf"(?P<what>.+?) (?:arms?|groups?|{PERSON})")
_ARTICLES = re.compile(r"^(?:(?:the|all|our|these|those|this|both|of|their|every|each|a) )+")


_KINDS_OF_FIGURE = ("score", "level", "levels", "class", "grade", "stage", "index", "count")
"""What a second mention leaves out: "SOFA" is the "SOFA score" of before."""


class Names:
    """Finds the names of variables: those of a table, the usual ones, those that prose brought."""

    def __init__(self, variables: Sequence[DescribedVariable], known: Collection[str]) -> None:
        self._known = {fold(name): snake_case(name) for name in known}
        self._found: dict[str, str] = {}
        self._renamed: dict[str, str] = {}
        self._described: dict[str, DescribedVariable] = {}
        self._usual: dict[str, str] = {}
        self._codes: dict[str, tuple[str, str]] = {}
        self._spelling: Spelling | None = None
        self._of_table = [(fold(w), v.name) for v in variables for w in (v.name, v.label)]
        for variable in variables:
            self.register(variable)

    def register(self, variable: DescribedVariable) -> None:
        """Let a variable be found by its name, its label and the usual names for what it is."""
        is_new = variable.name not in self._described
        self._described[variable.name] = variable
        for code in variable.codes:
            named = code.code if code.code[:1].isalpha() else ""
            for words in {fold(code.label), fold(named)} - _COMMON_CODES:
                self._codes.setdefault(words, (variable.name, code.code))
        if not is_new:
            return
        parts = re.split(r"[(),;/\[\]]", variable.label)
        whole = (variable.name, variable.label, *parts)
        lasting = (_LASTING.sub("", words.strip().replace("llowup", "llow-up")) for words in whole)
        for words in filter(None, map(fold, (*whole, *lasting))):
            self._found.setdefault(words, variable.name)
            usual = _ALIASES.get(words)
            if usual and usual not in self._renamed:
                self._renamed[usual] = variable.name
                self._usual[variable.name] = usual
        for words in (fold(variable.name), fold(variable.label)):
            self._found[words] = variable.name
        self._found.pop("", None)

    def find(self, words: str) -> str | None:
        """Return the column that words name, or None; misspelt by one letter is near enough."""
        folded = fold(words)
        for form in _forms(folded):
            usual = _ALIASES.get(form, "")
            renamed = self._renamed.get(usual) or self._found.get(form)
            if found := renamed or usual or self._known.get(form):
                return found
        for kind in _KINDS_OF_FIGURE:
            if found := self._found.get(f"{folded} {kind}"):
                return found
        near = (name for spelt, name in self._of_table if _misspells(folded, spelt))
        return next(near, None)

    def new_name(self, words: str) -> str:
        """Return the name of a column that words bring in: the usual short one, or their own."""
        found = self.find(words)
        if found is None:
            return snake_case(words)
        american = found in MEASUREMENTS and "hem" in words.lower()
        return found.replace("haem", "hem") if american else found

    def described(self, name: str) -> DescribedVariable | None:
        return self._described.get(name)

    def is_number(self, words: str) -> bool:
        """Tell whether words name a variable that is known to be a number."""
        name = self.find(words)
        if name is None:
            return False
        variable = self._described.get(name)
        if variable and (variable.type or variable.codes):
            return variable.type in NUMERIC_TYPES and not variable.codes
        return bool(variable and variable.unit) or self._usual.get(name, name) in _MEASURED

    def is_coded(self, words: str) -> bool:
        """Tell whether words name a variable that is known to have codes, or one of its levels."""
        if self.level(words):
            return True
        name = self.find(words)
        if name is None:
            return False
        variable = self._described.get(name)
        if variable and (variable.type or variable.codes):
            return bool(variable.codes) or variable.type in CODED_TYPES
        usual = self._usual.get(name, name)
        return usual in CONDITIONS or usual in FAMILIES

    def in_percent(self, words: str) -> bool:
        """Tell whether a percentage may be the value itself, as for HbA1c."""
        name = self.find(words)
        variable = self._described.get(name) if name else None
        if variable and variable.unit:
            return variable.unit == "%"
        return measured_in_percent(words) or bool(name and measured_in_percent(name))

    def level(self, words: str) -> tuple[str, str] | None:
        """Return the column and the code that words name: `women`, `placebo`, `White`."""
        folded = fold(words)
        found = self._codes.get(folded) or self._codes.get(singular(folded))
        if found:
            return found
        family, level = _LEVELS.get(folded, ("", ""))
        if family not in ("sex", "ethnicity"):
            return None
        name = self.find(family) or family
        listed = self._described.get(name)
        if not listed or not listed.codes:
            return name, level
        aliases = next(a for key, a in FAMILIES[family] if key == level)
        meant = {fold(level), level[0].lower(), *map(fold, aliases)}
        codes = (c.code for c in listed.codes if meant & {fold(c.code), fold(c.label)})
        code = next(codes, None)
        return (name, code) if code is not None else None

    def known_words(self, words: str) -> Iterator[str]:
        """Yield the names of variables that occur among the words."""
        parts = words.split()
        for size in range(min(_LONGEST_NAME, len(parts)), 0, -1):
            for i in range(len(parts) - size + 1):
                part = " ".join(parts[i : i + size])
                if self._exact(part):
                    yield part

    def _exact(self, words: str) -> bool:
        folded = fold(words)
        return any(
            form in names
            for form in (folded, singular(folded))
            for names in (_ALIASES, self._found, self._known)
        )

    def stands_alone(self, words: str) -> bool:
        """Tell whether a name keeps its meaning after other nouns (BMI does, age does not)."""
        name = self.find(words)
        return name is not None and self._usual.get(name, name) in _STANDS_ALONE

    def misspelt(self, words: str) -> bool:
        """Tell whether words that name nothing known look like a misspelling."""
        if self.find(words) or self.level(words):
            return False
        if self._spelling is None:
            self._spelling = Spelling((*_SPELT, *self._found, *self._known, *_SEX_WORDS))
        return self._spelling.suspect(words)

    def people(self, words: str) -> str | None:
        """Return which patients words such as "the women" mean: "" for all, None if none at all."""
        plain = _ARTICLES.sub("", " ".join(words.split()) + " ").strip()
        if _EVERYONE.fullmatch(plain) and not self.level(plain.removesuffix(" patients")):
            first = plain.split()[0]
            return plain if plain != first and self.group(first) else ""
        return plain if self.group(plain) else None

    def group(self, words: str) -> tuple[str, bool] | None:
        """Return the level or condition that makes up a group, and whether it is to be absent.

        The first is words for `level` or `find`: `diabetics` is ("diabetics", False).
        """
        plain = _ARTICLES.sub("", words + " ").strip()
        member = _MEMBERS.fullmatch(plain)
        if member:
            return _ARTICLES.sub("", member["what"]), member["how"] == "without"
        arm = _ARM.fullmatch(plain)
        for candidate in (plain, *([arm["what"]] if arm else [])):
            absent = re.match(r"non[ -]", candidate)
            bare = candidate[absent.end() :] if absent else candidate
            if self.is_coded(bare) or (self.find(bare) and not self.is_number(bare)):
                return bare, bool(absent)
        return (arm["what"], False) if arm and re.search(r"(?:arm|group)s?$", plain) else None


def _misspells(words: str, name: str) -> bool:
    """Tell whether words are a long enough name with one slip in it (`ldlc` is not `hdlc`)."""
    return (
        min(len(words), len(name)) >= _LONG_ENOUGH_TO_MISSPELL
        and words[0] == name[0]
        and re.sub(r"\D", "", words) == re.sub(r"\D", "", name)
        and words not in _LEVELS
        and one_edit_apart(words, name)
    )


_SEX_WORDS = tuple(words for words, (family, _) in _LEVELS.items() if family == "sex")


def _forms(folded: str) -> Iterator[str]:
    """Yield words as they stand, in the singular, and without what adds nothing to a name."""
    yield folded
    yield singular(folded)
    bare = _STATUS.sub("", _NOISE.sub("", folded))
    if bare != folded:
        yield bare
        yield singular(bare)
