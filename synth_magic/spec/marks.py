"""The mark of what this package has made."""

from __future__ import annotations

ATTRS_KEY = "synth_magic"
"""The one key in `df.attrs`: a JSON string with specification, seed, rows and origin."""
