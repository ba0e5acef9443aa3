"""Score patients of a specification beside a trained copula and real patients.

    python -m tests.benchmarks.fidelity --cohorts COHORTS [--answers NAME=FOLDER]

COHORTS holds a folder for each cohort (see `cohorts`), FOLDER recorded answers to their
descriptions or specifications `<cohort>.json`, for some or for all of them and of their subgroups;
without, the recorded answers beside this module are measured. All generators are scored on the
same five splits, each giving as many patients as the training part holds. Only figures of groups
are printed or written.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.benchmarks.fidelity.answers import RECORDINGS, specification
from tests.benchmarks.fidelity.cohorts import Cohort, read_cohorts
from tests.benchmarks.fidelity.detail import detail
from tests.benchmarks.fidelity.generators import BASELINES, KERNEL_COPULA
from tests.benchmarks.fidelity.measure import measure
from tests.benchmarks.fidelity.report import report
from tests.benchmarks.fidelity.subgroups import subgroups

BUILD = Path(__file__).parents[3] / "build"


def main() -> None:
    """Read the command line, measure, and write the report."""
    parser = argparse.ArgumentParser(prog="fidelity", description=__doc__.partition("\n")[0])
    parser.add_argument("--cohorts", type=Path, required=True, help="folder of cohorts")
    parser.add_argument(
        "--answers", type=_answers, action="append", default=[], metavar="NAME=FOLDER",
        help="recorded answers or specifications; repeat to compare several folders",
    )  # fmt: skip
    parser.add_argument(
        "--engine", choices=("recorded", "offline"), default="recorded",
        help="offline: what the catalogue makes of the descriptions, with no language model",
    )  # fmt: skip
    parser.add_argument(
        "--kernel", action="store_true",
        help="also train the copula with kernel densities, which is better and very slow",
    )  # fmt: skip
    parser.add_argument("--only", nargs="+", metavar="COHORT", help="these cohorts alone")
    parser.add_argument("--json", type=Path, help="write the scores of every split here")
    parser.add_argument("--detail", metavar="COHORT", help="say what tells its patients from real")
    chosen = parser.parse_args()

    answers: dict[str, Path | None] = dict(chosen.answers)
    if chosen.engine == "offline":
        answers["offline"] = None
    elif not answers:
        answers["ours"] = RECORDINGS
    cohorts = read_cohorts(chosen.cohorts)
    cohorts += subgroups(cohorts)
    if chosen.only:
        cohorts = [_chosen(cohorts, name) for name in chosen.only]
    if chosen.detail:
        cohort = _chosen(cohorts, chosen.detail)
        for name, folder in answers.items():
            if spec := specification(cohort, folder):
                print(detail(cohort, name, spec))
        return
    baselines = [name for name in BASELINES if chosen.kernel or name != KERNEL_COPULA]
    results = measure(cohorts, answers, baselines, BUILD / "fidelity")
    text = report(results)
    BUILD.mkdir(exist_ok=True)
    (BUILD / "fidelity.md").write_text(text, encoding="utf-8")
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(text)


def _chosen(cohorts: list[Cohort], name: str) -> Cohort:
    for cohort in cohorts:
        if cohort.name == name:
            return cohort
    raise SystemExit(f"no cohort {name}; there are {', '.join(cohort.name for cohort in cohorts)}")


def _answers(text: str) -> tuple[str, Path]:
    name, equals, folder = text.rpartition("=")
    path = Path(folder)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{folder} is no folder")
    return (name if equals else "ours"), path


if __name__ == "__main__":
    main()
