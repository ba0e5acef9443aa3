"""Engines turn a description into a specification. Importing this imports none of them."""

from __future__ import annotations

from synth_magic.engines.choose import Engine, engine

__all__ = ["Engine", "engine"]
