"""Random streams: one for each column of each block, so that columns and blocks never disturb
each other, however many rows, workers or variables there are."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b

import numpy as np

BLOCK = 16_384
"""Rows of a block. Part of what a seed means: another size is another frame."""


class Purpose(IntEnum):
    """What a stream of a column is for."""

    LATENT = 0
    DIGITS = 1
    MISSING = 2


@lru_cache(maxsize=10_000)
def _key(name: str) -> tuple[int, int]:
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def stream(
    seed: int, block: int, name: str, purpose: Purpose, turn: int = 0
) -> np.random.Generator:
    """Return the generator of one column of one block; `turn` counts redraws."""
    key = (block, *_key(name), int(purpose), turn)
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key)))
