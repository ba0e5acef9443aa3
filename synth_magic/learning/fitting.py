"""Learn a specification from rows."""

from __future__ import annotations

import warnings
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, get_args

from synth_magic.errors import (
    LearningWarning,
    RealDataWarning,
    SettingError,
    SpecificationError,
    did_you_mean,
)
from synth_magic.learning.reading import Types, read
from synth_magic.learning.specifying import specification
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.marks import ATTRS_KEY
from synth_magic.spec.model import Provenance
from synth_magic.spec.validation import meaning_violations

if TYPE_CHECKING:
    import pandas as pd


def fit(
    frame: pd.DataFrame,
    *,
    title: str = "",
    population: str = "",
    types: Types | None = None,
    smallest: int = 5,
    synthetic: bool | None = None,
    provenance: Provenance = "data",
) -> CohortSpec:
    """Return the specification of patients like those in the rows of `frame`.

    Learnt are the marginal of each column as it is recorded (decimals, preferred digits, values
    that stand out), which values are missing and in whom, and the rank correlations of all pairs.
    Codes without an order take part through hidden variables (see `nominal`). A number cut in two
    is a formula of it; nearly all different texts are identifiers, numbered anew.

    `types` says for a column what cannot be seen in it: a type, or its codes from low to high.
    `synthetic` says whether the rows are; unless it is given, only frames that this package drew
    are taken for synthetic, and of others a RealDataWarning is given. `provenance` is that of
    every figure. What is left out or merged is said in a LearningWarning.

    No figure rests on fewer than `smallest` patients. A single patient's value would tell of that
    patient, so tables of patients are usually published with a threshold of 5 or 10, and so is
    this: quantiles are values that so many share or means of so many, minimum and maximum the ends
    of a smooth tail through them; rarer codes are merged, into the nearest one where they are
    ordered, else into "other" or the most common one; rarer values make no spike, and rarer gaps
    no missing group. This makes figures coarser, not anonymous: correlations, and shares in small
    groups, still tell something of the rows. 1 turns the safeguard off.

    Raises SettingError for a frame or setting that nothing can be learnt from.
    """
    if not isinstance(smallest, Integral) or isinstance(smallest, bool) or smallest < 1:
        raise SettingError(f"smallest is {smallest!r}; it is a whole number from 1 up")
    if provenance not in get_args(Provenance):
        near = did_you_mean(str(provenance), get_args(Provenance))
        raise SettingError(f"there is no provenance {provenance!r}{near}")
    columns, remarks = read(frame, types or {}, int(smallest))
    spec = specification(columns, int(smallest))
    basis = f"fitted to {len(frame):,} rows"
    spec = replace(
        spec,
        title=title,
        population=population,
        variables=tuple(replace(v, basis=basis, provenance=provenance) for v in spec.variables),
        associations=tuple(
            replace(pair, basis=basis, provenance=provenance) for pair in spec.associations
        ),
    )
    if faults := meaning_violations(spec):
        raise SpecificationError(faults)
    if not (ATTRS_KEY in frame.attrs if synthetic is None else synthetic):
        warnings.warn(
            "these rows are taken for real patients: figures learnt from them can tell of them. "
            f"Small counts (below {smallest}) were coarsened; look at the specification before you "
            "share it or what is drawn from it. Say synthetic=True if the rows are synthetic",
            RealDataWarning,
            stacklevel=3,
        )
    if remarks:
        warnings.warn("; ".join(remarks), LearningWarning, stacklevel=3)
    return spec
