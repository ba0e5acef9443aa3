from __future__ import annotations

from tests.messages_api import messages_api, no_credentials

__all__ = ["messages_api", "no_credentials"]
