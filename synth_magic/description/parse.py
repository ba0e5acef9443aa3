"""The text of a cell, parsed into a Description."""

from __future__ import annotations

from synth_magic.description.gathering import Gathering
from synth_magic.description.layout import lay_out
from synth_magic.description.conventions import conventions_in
from synth_magic.description.columns import total_in
from synth_magic.description.table_one import read_table_one
from synth_magic.description.model import Description

def parse(text):
    layout = lay_out(text)
    gathering = Gathering(text)
    notes = conventions_in("\n".join(p.text for p in layout.prose))
    totals = [total_in(p.text) for p in layout.prose]
    total = next((int(t) for t in totals if t), None)
    for table in layout.tables:
        read_table_one(table, notes, total, gathering)
    return Description(text, "", gathering.rows, tuple(gathering.variables.values()), tuple(gathering.facts), tuple(gathering.not_understood))
