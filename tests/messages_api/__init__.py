"""A real server for tests: it speaks the Messages API over loopback, and does as it is scripted.

Each request is answered by the next step of the script:

    with MessagesApi() as api:
        api.script(Fails(529), Says('{"variables": []}'))
        settings = Settings(base_url=api.url)
        ...
        assert api.requests[-1].body["model"] == settings.model

| step | what the server does |
|---|---|
| `Says(text, thinking=…, stop_reason=…, usage=…, in_bytes=…)` | streams a whole answer |
| `BreaksOff(text, how)` | begins an answer, and drops it, falls silent, or sends an error |
| `Fails(status, message, kind, headers)` | answers with an error of the API |
| `Sends(body, content_type)` | answers 200 with these bytes, whatever they are |
| `Hangs()` | takes the request and says nothing until the test is over |
| `Batch(answered, of, status)` | describes a batch, which it has just taken or is asked for |
| `results(*lines)` | tells what became of the requests of a batch, one line for each |

Nothing sleeps: a silent server waits for the end of the test, and `Fails` asks to be tried again
at once. Two fixtures are made available by importing them in a conftest.py: `messages_api` is a
server, closed at the end; `no_credentials` hides keys, profiles and proxies of the computer, and
starts with nothing spent. Without a key nothing goes to Anthropic; to `api.url` goes a placeholder.
"""

from tests.messages_api.batches import Batch, errored, left, results, succeeded
from tests.messages_api.fixtures import messages_api, no_credentials
from tests.messages_api.server import MessagesApi, Received
from tests.messages_api.steps import BreaksOff, Fails, Hangs, Says, Sends

__all__ = [
    "Batch",
    "BreaksOff",
    "Fails",
    "Hangs",
    "MessagesApi",
    "Received",
    "Says",
    "Sends",
    "errored",
    "left",
    "messages_api",
    "no_credentials",
    "results",
    "succeeded",
]
