"""Compare synthetic patients with real ones, and with those of generators trained on data.

    python -m tests.benchmarks.fidelity --cohorts COHORTS [--answers NAME=FOLDER]

COHORTS holds a folder for each cohort (see `cohorts`), FOLDER recorded answers to their
descriptions or specifications `<cohort>.json`, for some or for all of them and of their subgroups;
without, the recorded answers beside this module are measured. Beside them stand what the offline
engine makes of the descriptions, and the patients that a model wrote itself. All are scored on the
same five splits. Only figures of groups are printed or written to build/fidelity.md and the plots;
what is kept in build/fidelity/kept for the next run is figures too, and synthetic patients.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.benchmarks.fidelity.answers import RECORDINGS, specification
from tests.benchmarks.fidelity.cohorts import Cohort, read_cohorts
from tests.benchmarks.fidelity.contenders import (
    LEARNT,
    OFFLINE,
    OURS,
    WRITTEN,
    Source,
    ablated,
    ablation,
    as_written,
    baselines,
    learnt,
    specified,
)
from tests.benchmarks.fidelity.detail import detail
from tests.benchmarks.fidelity.measure import measure
from tests.benchmarks.fidelity.plots import plot
from tests.benchmarks.fidelity.report import ablation as report_ablation
from tests.benchmarks.fidelity.report import report
from tests.benchmarks.fidelity.scores import AS_IN_THE_PAPER, TARGETS
from tests.benchmarks.fidelity.subgroups import Subgroup, subgroups
from tests.benchmarks.fidelity.trained import PAPER, Training

BUILD = Path(__file__).parents[3] / "build"


def main() -> None:
    """Read the command line, measure, and write the report."""
    chosen = _arguments()
    cohorts = read_cohorts(chosen.cohorts)
    cohorts += subgroups(cohorts)
    if chosen.only:
        cohorts = [_chosen(cohorts, name) for name in chosen.only]
    answers = _folders(chosen)
    if chosen.detail:
        cohort = _chosen(cohorts, chosen.detail)
        for name, folder in answers.items():
            if spec := specification(cohort, folder):
                print(detail(cohort, name, spec))
        return

    folder = BUILD / "fidelity"
    training = PAPER if chosen.paper else Training(chosen.epochs)
    own: dict[str, Source] = {name: specified(answers[name]) for name in answers}
    if chosen.engine != "offline":
        own |= {WRITTEN: as_written(), LEARNT: learnt}
    sources = own | baselines(folder / "kept", training, kernel=chosen.kernel)
    results = measure(cohorts, sources, folder / "kept")
    without = measure(filter(ablated, cohorts), ablation(), folder / "kept")
    some = {
        "the subgroups": [cohort.name for cohort in cohorts if isinstance(cohort, Subgroup)],
        "the cohorts that a model wrote rows of": results.get(WRITTEN, {}),
    }
    text = report(results, training, {which: names for which, names in some.items() if names})
    plot(results, TARGETS, folder / "targets.png")
    plot(results, AS_IN_THE_PAPER, folder / "as_in_the_paper.png")
    if any(without.values()):
        text += "\n" + report_ablation(without)
        plot(without, TARGETS, folder / "ablation.png", by_split=True)
    (BUILD / "fidelity.md").write_text(text, encoding="utf-8")
    if chosen.json:
        scores = {"generators": results, "ablation": without}
        chosen.json.write_text(json.dumps(scores, indent=1), encoding="utf-8")
    print(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fidelity", description=__doc__.partition("\n")[0])
    parser.add_argument("--cohorts", type=Path, required=True, help="folder of cohorts")
    parser.add_argument(
        "--answers", type=_answers, action="append", default=[], metavar="NAME=FOLDER",
        help="recorded answers or specifications; repeat to compare several folders",
    )  # fmt: skip
    parser.add_argument(
        "--engine", choices=("recorded", "offline"), default="recorded",
        help="offline: only what the catalogue makes of the descriptions, with no language model",
    )  # fmt: skip
    parser.add_argument(
        "--epochs", type=int, default=Training().epochs, help="epochs of CTGAN and TVAE"
    )
    parser.add_argument(
        "--paper", action="store_true", help=f"train them as the seed paper does: {PAPER}"
    )
    parser.add_argument(
        "--kernel", action="store_true",
        help="also train the copula with kernel densities, which is better and very slow",
    )  # fmt: skip
    parser.add_argument("--only", nargs="+", metavar="COHORT", help="these cohorts alone")
    parser.add_argument("--json", type=Path, help="write the scores of every split here")
    parser.add_argument("--detail", metavar="COHORT", help="say what tells its patients from real")
    return parser.parse_args()


def _folders(chosen: argparse.Namespace) -> dict[str, Path | None]:
    """Return the folders of answers by name; the offline engine has none."""
    folders: dict[str, Path | None] = dict(chosen.answers)
    if chosen.engine == "recorded" and not folders:
        folders[OURS] = RECORDINGS
    return folders | {OFFLINE: None}


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
    return (name if equals else OURS), path


if __name__ == "__main__":
    main()
