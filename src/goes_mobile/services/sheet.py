"""The recovery sheet: read from what was typed or kept as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from goes_mobile.protocol.codes import SHEET_BYTES, RecoverySheet

GROUPS = -(-SHEET_BYTES * 8 // 20)
_GROUP = r"[0-9A-Za-z]{5}"
_WORDS = re.compile(rf"(?<![0-9A-Za-z])(?:{_GROUP}[\s\-‐‑‒–—―−]+){{{GROUPS - 1}}}{_GROUP}(?![0-9A-Za-z])")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class SheetText:
    """What stands on a sheet: the secret, and where the server is (empty if it does not say)."""

    sheet: RecoverySheet
    server: str


def read_sheet(text: str) -> SheetText:
    """The sheet in a text: its groups alone, or the whole page as it was copied. :class:`Malformed` names a wrong group
    (``code_typo``), or says how many there should be (``code_length``)."""
    address = _ADDRESS.search(text)
    server = address.group().rstrip("/.,;") if address else ""
    lines = [line for line in text.splitlines() if not _ADDRESS.search(line)]
    whole = _WORDS.search("\n".join(lines))
    return SheetText(RecoverySheet.typed(whole.group() if whole else "\n".join(lines)), server)
