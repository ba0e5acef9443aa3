from __future__ import annotations

from synth_magic import Cohort
from synth_magic.engines.settings import Settings
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.status import status


def test_each_name_says_what_it_stands_for(cohort: Cohort, no_credentials: None) -> None:
    namespace: dict[str, object] = {}
    bindings = Bindings(namespace)
    bindings.add("gone", cohort.frame())
    bindings.add("old", cohort.frame())
    bindings.add("d", cohort.frame())
    bindings["d"].change(cohort, "edited", "nothing")
    bindings["d"].draw(1, 7)
    namespace["old"] = 5
    del namespace["gone"]
    lines = status(Settings(engine="offline"), bindings).splitlines()
    assert lines[1] == "engine: offline"
    assert lines[-6:] == [
        "gone: 50 patients, seed 0, version 1 of 1 (deleted by now)",
        "    Made offline.",
        "old: 50 patients, seed 0, version 1 of 1 (the name stands for something else by now)",
        "    Made offline.",
        "d: 1 patient, seed 7, version 2 of 2",
        "    Made offline.",
    ]
