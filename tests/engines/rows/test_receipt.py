"""The ids of batches, kept until their answers are recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.rows.desk import Desk
from tests.messages_api import MessagesApi

pytestmark = pytest.mark.usefixtures("no_credentials")


@pytest.fixture
def desk(messages_api: MessagesApi, tmp_path: Path) -> Desk:
    return Desk(messages_api, tmp_path / "recordings")


def test_another_server_and_other_words_have_receipts_of_their_own(desk: Desk) -> None:
    others = [
        Desk(desk.api, desk.folder, given={"base_url": "http://127.0.0.1:1"}),
        Desk(desk.api, desk.folder, given={"rows_per_request": 3}),
        Desk(desk.api, desk.folder, given={"model": "claude-haiku-5-5"}),
    ]
    desk.receipt.add("msgbatch_01")
    assert [other.receipt.batches for other in others] == [(), (), ()]
    assert Desk(desk.api, desk.folder, rows=400).receipt.batches == ("msgbatch_01",)


@pytest.mark.parametrize(
    "content",
    [
        '{"batches": ["../../v1/files", "a b", "msgbatch_01?x", "", 7, null]}',
        '{"batches": 7}',
        '["msgbatch_01"]',
        "no JSON",
        "",
    ],
)
def test_what_is_no_receipt_is_passed_over(desk: Desk, content: str) -> None:
    desk.receipt.add("msgbatch_01")
    [file] = desk.folder.iterdir()
    file.write_text(content, encoding="utf-8")
    assert desk.receipt.batches == ()
