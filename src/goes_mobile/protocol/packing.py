"""MessagePack as we use it: one canonical encoding out, strict limits in."""

from __future__ import annotations

from typing import Any

import msgpack

from goes_mobile.protocol.problems import Malformed

MAX_BYTES = 32 * 1024 * 1024


def pack(value: Any) -> bytes:
    """Encode; dictionaries keep their order, so callers that sign sort first."""
    return msgpack.packb(value, use_bin_type=True)  # type: ignore[no-any-return]


def unpack(data: bytes, limit: int = MAX_BYTES) -> Any:
    """Decode foreign bytes; anything but one well-formed value raises :class:`Malformed`."""
    if len(data) > limit:
        raise Malformed("malformed", reason="too large")
    try:
        return msgpack.unpackb(data, raw=False, strict_map_key=False)
    except Exception as error:  # msgpack raises half a dozen unrelated types, some with the data in their text
        raise Malformed("malformed", reason=type(error).__name__) from None
