"""How long the offline engine takes from a description to a specification.

Warm in this process, and cold in a fresh one after the modules have been imported: the catalogue is
read, its names are indexed and 20 variables are made.
"""

from __future__ import annotations

import subprocess
import sys

from synth_magic.description import parse
from synth_magic.engines.offline.elicit import elicit
from tests.benchmarks.bench_sampling import best_of, report

DESCRIPTION = """\
Adults with type 2 diabetes and heart failure in UK primary care, 2010-2015, aged 50 or older.

variable,description,unit
age,Age,years
sex,Sex,
bmi,Body mass index,kg/m2
sbp,Systolic blood pressure,mmHg
dbp,Diastolic blood pressure,mmHg
hr,Heart rate,bpm
hba1c,HbA1c,%
creat,Serum creatinine,mg/dL
egfr,eGFR,mL/min/1.73m2
chol,Total cholesterol,mmol/L
hdl,HDL cholesterol,mmol/L
ldl,LDL cholesterol,mmol/L
trig,Triglycerides,mmol/L
hb,Haemoglobin,g/dL
alb,Albumin,g/L
ntprobnp,NT-proBNP,pg/mL
lvef,Ejection fraction,%
nyha,NYHA class,
metformin,Metformin,
death,Death,
"""
FIRST = f"""
import time
from synth_magic.description import parse
from synth_magic.engines.offline.elicit import elicit
start = time.perf_counter()
elicit(parse({DESCRIPTION!r}))
print(time.perf_counter() - start)
"""


def test_a_description_of_twenty_variables_warm():
    elicit(parse(DESCRIPTION))
    seconds = best_of(5, lambda: elicit(parse(DESCRIPTION)))
    report("20 variables offline, warm", 1000 * seconds, 100, "ms")


def test_a_description_of_twenty_variables_cold():
    command = [sys.executable, "-c", FIRST]
    seconds = min(
        float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        for _ in range(3)
    )
    report("20 variables offline, cold", 1000 * seconds, 400, "ms")
