"""Pure functions remember what they answered: six devices verify and open the same bytes, and so does the next seed.

The protocol's own code runs, once for each input; nothing here changes an answer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from unittest.mock import patch

from goes_mobile.protocol import clear, entry
from goes_mobile.protocol.keys import open_sealed, verify
from goes_mobile.protocol.ledger import Ledger

_MANY = 1 << 13
_verify = lru_cache(_MANY)(verify)
_decode = lru_cache(_MANY)(entry.decode)
_clear = lru_cache(_MANY)(clear.decode)
_open_sealed = lru_cache(_MANY)(open_sealed)
_groups_of = Ledger.groups_of


def _remembered_groups(ledger: Ledger, principal: bytes) -> list[bytes]:
    version, known = ledger.__dict__.get("remembered_groups", (-1, {}))
    if version != ledger.version:
        known = {}
        ledger.__dict__["remembered_groups"] = (ledger.version, known)
    if principal not in known:
        known[principal] = _groups_of(ledger, principal)
    found: list[bytes] = known[principal]
    return found


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    with contextlib.ExitStack() as patches:
        for place, name, function in (
            ("goes_mobile.protocol.entry", "verify", _verify),
            ("goes_mobile.protocol.entry", "decode", _decode),
            ("tests.fakes.server", "decode", _decode),
            ("goes_mobile.sync.lane", "decode", _decode),
            ("goes_mobile.protocol.clear", "decode", _clear),
            ("goes_mobile.vault.keyring", "open_sealed", _open_sealed),
            ("goes_mobile.protocol.ledger.Ledger", "groups_of", _remembered_groups),
        ):
            patches.enter_context(patch(f"{place}.{name}", function))
        yield
