"""How soon the panel follows a click, kernel-side: from the click to the new state sent.

Measured in a real kernel, through real comms; the median of several clicks. The floor in the same
kernel is Matplotlib's: a new Figure with as many Axes, a histogram in each, saved as PNG.
"""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient

SETUP = """
%load_ext synth_magic
import io, json, time
import numpy as np
import synth_magic as sm
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from tests.benchmarks.cohorts import mixed_cohort

bindings = get_ipython().magics_manager.registry["SynthPatients"].bindings

def seconds(work, times):
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))
"""
FIRST = """
patients = sm.sample(mixed_cohort(), rows=1000)
first = seconds(lambda: display(patients), 1)
"""
FLOOR = """
def figure():
    drawn = Figure((9.6, 5.1), layout="constrained")
    FigureCanvasAgg(drawn)
    for axes in drawn.subplots(3, 4).flat:
        axes.hist(np.random.default_rng(0).standard_normal(1000), 30)
    drawn.savefig(io.BytesIO(), dpi=200)

figure()
floor = seconds(figure, 5)
"""
CLICKS = """
def clicks(rows):
    controls = bindings["patients"].panel.controls
    controls.rows.value = rows
    return seconds(controls.resample.click, 9)

small, large = clicks(1_000), clicks(100_000)
"""
AGAIN = """
def again():
    global patients
    patients = sm.sample(mixed_cohort(), rows=1000)
    bindings.add("patients", patients)
    start = time.perf_counter()
    display(patients)
    return time.perf_counter() - start

again()
warm = float(np.median([again() for _ in range(5)]))
wide = sm.sample(mixed_cohort(100, 50, 30, 20), rows=500)
many = seconds(lambda: display(wide), 1)
"""
ANSWER = """
figures = ("first", "floor", "small", "large", "warm", "many")
print(json.dumps({name: globals()[name] for name in figures}))
"""


@pytest.fixture(scope="module")
def taken() -> dict[str, float]:
    cells = [SETUP, FIRST, FLOOR, CLICKS, AGAIN, ANSWER]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    return json.loads(notebook.cells[-1].outputs[0].text)


@pytest.mark.parametrize(
    ("name", "what", "limit"),
    [
        ("small", "click, 12 variables, 1,000 patients", 0.150),
        ("large", "click, 12 variables, 100,000 patients", 0.500),
        ("warm", "panel of 12 variables shown, warm", 0.400),
        ("first", "panel of 12 variables shown, first in a kernel", 1.200),
        ("many", "panel of 200 variables shown", 1.500),
    ],
)
def test_the_panel_is_soon_there(
    taken: dict[str, float], name: str, what: str, limit: float
) -> None:
    seconds, floor = taken[name], taken["floor"]
    print(
        f"\n| {what} | {1000 * seconds:.0f} ms | at most {1000 * limit:.0f} ms "
        f"| {seconds / floor:.2f} x a new Matplotlib figure |"
    )
    assert seconds <= limit
