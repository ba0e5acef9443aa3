"""The words that go to the model: text files beside this one, filled with what the user asks.

The figures in `prompts/system.txt` guide the model and enter no specification by themselves. How
many blood pressures end in 0: 45 and 48 % in 85 US primary care practices (Am J Hypertens 2006;
19:147-52, https://pubmed.ncbi.nlm.nih.gov/16448884/), 64 and 59 % of 85,000 in English general
practice (J Hum Hypertens 2004;18:261-5, https://pubmed.ncbi.nlm.nih.gov/15037875/), 60-90 % in
earlier reports (J Hum Hypertens 2003;17:819-22, https://pubmed.ncbi.nlm.nih.gov/14704725/); each
systolic, then diastolic, where two are given. The usual sizes of correlations are assumed; mmol/L
of cholesterol from mg/dL is its molar mass, 386.7 g/mol.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

from synth_magic.description.model import DescribedVariable, Description
from synth_magic.engines.answer import Question
from synth_magic.engines.claude.documents import REMOVED, Document
from synth_magic.engines.claude.exchange import Message, Request
from synth_magic.engines.claude.parts import Part
from synth_magic.engines.claude.projection import asked, asked_of_change, shown
from synth_magic.errors import Violation
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import By, Fact, Formula, Quantiles, Shares, Variable

VERSION = 1
"""Raised whenever words in `prompts/` or in this module change that a question was asked in."""

_MOST_VIOLATIONS = 40
_CORRECTING = "correcting"


@cache
def words(name: str) -> str:
    """Return one of the prompt files."""
    return files(__package__).joinpath("prompts", f"{name}.txt").read_text(encoding="utf-8").strip()


def request(question: Question, part: Part, earlier: CohortSpec | None) -> Request:
    """Return the request for one part; `earlier` joins the parts that came before."""
    sections = [
        _tagged("description", question.description.text),
        *_variables(question.description, part, earlier),
        *_figures(question.description.facts),
        *_examples(question),
        "Answer with the JSON object and nothing else.",
    ]
    message = Message("user", "\n\n".join(sections))
    return Request(words("system"), (message,), asked(), part.stage)


def change(question: Question, earlier: CohortSpec, new: Sequence[Fact]) -> Request:
    """Return the request for the smallest change of an earlier specification.

    `new` are the figures that were not stated before, or not so.
    """
    description = question.description
    if question.refinement:
        said = [_tagged("change", question.refinement)]
    else:
        said = [_tagged("description", description.text), *_variables_now(description)]
    sections = [
        *([_tagged("earlier_description", question.parent_text)] if question.parent_text else ()),
        _tagged("earlier_specification", _json(shown(earlier))),
        *said,
        *_figures_now(description.facts, new),
        *_examples(question),
        words("change_end"),
    ]
    system = f"{words('system')}\n\n{words('change')}"
    message = Message("user", "\n\n".join(sections))
    return Request(system, (message,), asked_of_change(), "changing")


def _json(document: Document) -> str:
    """Return a document in JSON, each item of its lists in one line."""
    parts = []
    for name, value in document.items():
        lines = [json.dumps(item, ensure_ascii=False) for item in value]
        listed = "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else listed
        parts.append(f"{json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}"


def _tagged(name: str, text: str) -> str:
    return f"<{name}>\n{text.strip()}\n</{name}>"


def _variables_now(description: Description) -> Iterator[str]:
    """Yield what the new description lists and names, for a change."""
    listed = set(description.listed)
    for kind, lists in (("change_listed", True), ("change_named", False)):
        lines = [_line(v) for v in description.variables if (v.name in listed) == lists]
        if lines:
            yield words(kind) + "\n" + "\n".join(lines)


def _figures_now(facts: Sequence[Fact], new: Sequence[Fact]) -> Iterator[str]:
    for kind, new_ones in (("change_new_figures", True), ("change_old_figures", False)):
        lines = [_quoted(fact) for fact in facts if (fact in new) == new_ones]
        if lines:
            yield words(kind) + "\n" + "\n".join(lines)


def repair(before: Request, answer: str, violations: Sequence[Violation]) -> Request:
    """Return the request that shows the model its answer and what is wrong with it."""
    all_found = list(dict.fromkeys(f"- {violation}" for violation in violations))
    found = all_found[:_MOST_VIOLATIONS]
    if len(all_found) > len(found):
        found.append(f"- and {len(all_found) - len(found)} more of the kind")
    kind = "change_repair" if REMOVED in before.schema["properties"] else "repair"
    text = words(kind).replace("{violations}", "\n".join(found))
    turns = (*before.messages, Message("assistant", answer), Message("user", text))
    part = before.stage.removesuffix(_CORRECTING).removesuffix(", ")
    stage = ", ".join(filter(None, (part, _CORRECTING)))
    return Request(before.system, turns, before.schema, stage)


def _variables(description: Description, part: Part, earlier: CohortSpec | None) -> Iterator[str]:
    listed = set(description.listed)
    columns = [variable for variable in description.variables if variable.name in listed]
    named = [variable for variable in description.variables if variable.name not in listed]
    if columns:
        lines = [_line(v) for v in columns if not part.names or v.name in part.names]
        if part.names:
            rest = [v.name for v in columns if v.name not in part.names]
            yield (
                words("part").format(count=len(columns), stage=part.stage, others=", ".join(rest))
                + "\n"
                + "\n".join(lines)
            )
        else:
            yield words("listed") + "\n" + "\n".join(lines)
        if named:
            yield words("mentioned") + "\n" + "\n".join(map(_line, named))
    elif named:
        yield words("named") + "\n" + "\n".join(map(_line, named))
    else:
        yield words("unnamed")
    if earlier is not None:
        yield words("earlier") + "\n" + "\n".join(_summaries(earlier))


def _line(variable: DescribedVariable) -> str:
    label = f": {variable.label}" if variable.label and variable.label != variable.name else ""
    unit = f" [{variable.unit}]" if variable.unit else ""
    codes = "; ".join(
        f"{code.code} = {code.label}" if code.label and code.label != code.code else code.code
        for code in variable.codes
    )
    kind = ", codes ".join(filter(None, (variable.type or "", codes)))
    return f"- {variable.name}{label}{unit}" + (f" ({kind})" if kind else "")


def _figures(facts: Iterable[Fact]) -> Iterator[str]:
    lines = [_quoted(fact) for fact in facts]
    if lines:
        yield words("figures") + "\n" + "\n".join(lines)


def _quoted(fact: Fact) -> str:
    return f"- {_figure(fact)} (“{' '.join(fact.quote.split())}”)"


def _figure(fact: Fact) -> str:
    what = f"share of {fact.code}" if fact.statistic == "share" else fact.statistic
    other = f" with {fact.other_variable}" if fact.other_variable else ""
    among = f" where {fact.within.variable} is {fact.within.code}" if fact.within else ""
    return f"{fact.variable}{among}: {what}{other} {fact.value:g}"


def _examples(question: Question) -> Iterator[str]:
    if question.examples:
        lines = [json.dumps(dict(example), ensure_ascii=False) for example in question.examples]
        yield words("examples") + "\n" + "\n".join(lines)


def _summaries(spec: CohortSpec) -> Iterator[str]:
    for variable in spec.variables:
        yield f"- {variable.name} ({variable.type}): {_summary(variable)}"
    for group in spec.missing_groups:
        yield f"- missing group {group.name} ({group.fraction:g}): {', '.join(group.variables)}"


def _summary(variable: Variable) -> str:
    match variable.marginal:
        case Quantiles() as q:
            return f"p05 {q.p05:g}, median {q.p50:g}, p95 {q.p95:g}"
        case Shares(shares=shares):
            return ", ".join(f"{share.code} {share.share:g}" for share in shares)
        case By(parents=parents):
            codes = f", codes {', '.join(variable.codes)}" if variable.codes else ""
            return f"by {', '.join(parents)}{codes}"
        case Formula(expression=expression):
            return expression
        case _:
            return variable.marginal.kind
