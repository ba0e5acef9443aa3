"""Pictures read back as pixels."""

from __future__ import annotations

import io

import numpy as np
from matplotlib import image

BLUE, ORANGE, PINK = (0x56, 0xB4, 0xE9), (0xD5, 0x5E, 0x00), (0xCC, 0x79, 0xA7)


def pixels(png: bytes) -> np.ndarray:
    """Return the picture (rows, columns, 4), from 0 to 255."""
    return np.rint(image.imread(io.BytesIO(png), format="png") * 255)


def count(png: bytes, colour: tuple[int, int, int]) -> int:
    """Return how many opaque pixels have a colour."""
    return int(where(png, colour).sum())


def where(png: bytes, colour: tuple[int, int, int]) -> np.ndarray:
    """Return which pixels have a colour."""
    seen = pixels(png)
    return (np.abs(seen[..., :3] - colour).max(axis=-1) <= 1) & (seen[..., 3] == 255)
