"""Generators that SDV trains on real patients: a Gaussian copula, a GAN and an autoencoder."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synth_magic.evaluation.tables import TABLE
from tests.benchmarks.fidelity.cohorts import Cohort, Split


@dataclass(frozen=True, slots=True)
class Training:
    """How long a network is trained, and on how many rows at a time.

    Without a number, a batch is a tenth of the rows, from 50 to 500: SDV's own 500 would be more
    than most of these cohorts have, and each epoch a single step. CTGAN looks at ten rows together,
    so that a batch must be a multiple of ten.
    """

    epochs: int = 100
    batch: int | None = None

    def __str__(self) -> str:
        batch = "batches of a tenth of the rows" if self.batch is None else f"{self.batch} a batch"
        return f"{self.epochs} epochs, {batch}"

    def settings(self, rows: int) -> dict[str, Any]:
        """Return it as SDV's synthesizers take it."""
        batch = self.batch or min(500, max(50, rows // 100 * 10))
        return {"epochs": self.epochs, "batch_size": batch, "enable_gpu": False}


PAPER = Training(epochs=300, batch=50)
"""The seed paper's."""


def from_copula(cohort: Cohort, split: Split, *, marginals: str | None = None) -> pd.DataFrame:
    """Draw from SDV's Gaussian copula.

    `marginals` is the kind of distribution that it fits to each variable, if not SDV's own choice.
    """
    from sdv.single_table import GaussianCopulaSynthesizer

    return _drawn(GaussianCopulaSynthesizer, cohort, split, default_distribution=marginals)


def from_ctgan(cohort: Cohort, split: Split, training: Training) -> pd.DataFrame:
    """Draw from SDV's CTGAN."""
    from sdv.single_table import CTGANSynthesizer

    return _drawn(CTGANSynthesizer, cohort, split, **training.settings(len(split.train)))


def from_tvae(cohort: Cohort, split: Split, training: Training) -> pd.DataFrame:
    """Draw from SDV's TVAE."""
    from sdv.single_table import TVAESynthesizer

    return _drawn(TVAESynthesizer, cohort, split, **training.settings(len(split.train)))


def _drawn(synthesizer: Any, cohort: Cohort, split: Split, **settings: Any) -> pd.DataFrame:
    """Train on the training part and draw as many patients as it holds."""
    import torch
    from sdv.metadata import Metadata

    logging.getLogger("sdv").setLevel(logging.ERROR)
    np.random.seed(split.seed)  # SDV draws from the global generators
    torch.manual_seed(split.seed)
    torch.set_num_threads(1)  # the networks are small, and threads change the last digits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metadata = Metadata.load_from_dict(cohort.tables(split, split.train).metadata())
        model = synthesizer(metadata, **settings)
        model.fit({TABLE: split.train})
        drawn = model.sample(num_rows=len(split.train))
    return cohort.conform(drawn[TABLE])
