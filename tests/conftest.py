from __future__ import annotations

from hypothesis import settings

from tests.messages_api import messages_api, no_credentials

__all__ = ["messages_api", "no_credentials"]

# No example is timed: a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
