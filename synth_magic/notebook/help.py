"""What `%%synthpatients?` and `%synthpatients help` say below the options."""

from __future__ import annotations

from textwrap import indent

EXAMPLE = """%%synthpatients diabetics --rows 500
Adults with type 2 diabetes, aged 40-85, 56% male.
HbA1c around 7.4% (SD 1.3), eGFR falling with age, 12% smokers."""

HELP = f"""
Example::

{indent(EXAMPLE, "  ")}

A published Table 1 or a table of variables can be pasted below the first line as well. {{{{name}}}}
there stands for your variable of that name: text, a number, a list of them, or a DataFrame, of
which columns and types are taken and no row. \\{{{{ keeps the braces.

Every change of the text, and every edit in the panel, is a version of NAME. What you do not touch
stays as it is; --fresh starts from scratch. To change NAME in a few words::

  %synthpatients diabetics --refine "make them ten years older"

With --against REAL, a DataFrame of real patients of yours, a tab of the panel compares the patients
with them on a click. They stay where they are: no engine is sent them, and no file holds them. What
else stands there is what evaluate takes: --target death --keys age,sex --sensitive hiv --splits 5.

Versions, and what else there is to see::

  %synthpatients history diabetics           the versions: how, by whom, what changed
  %synthpatients diff diabetics              what the present version changed
  %synthpatients diff diabetics 1 3          what changed from version 1 to version 3
  %synthpatients restore diabetics 1         go back to version 1; no version is ever lost
  %synthpatients spec diabetics              the specification, as JSON
  %synthpatients spec diabetics 1 old.json   version 1, written to a file
  %synthpatients prompt diabetics            what the model was sent, word for word
  %synthpatients catalogue                   the clinical catalogue, and what has a source
  %synthpatients catalogue heart failure     what in it fits these words
  %synthpatients catalogue systolic_bp       all of one variable, condition or source, by its name
  %synthpatients login                       take a key for a model, for this session only
  %synthpatients status                      what was made here, with which settings
  %synthpatients help                        this text
  %config SynthPatients                      settings for all cells: --max-tokens is max_tokens

Settings stand on the line, else in %config, else in [tool.synth_magic] of pyproject.toml.
"""
