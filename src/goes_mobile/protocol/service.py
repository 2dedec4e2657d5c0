"""The one signature that client driver and server implement, so they cannot drift.

``Server`` is what anybody can reach; ``Service`` is what an opened session (a principal's, or a delivery token's) may
do.
Every method raises :class:`~goes_mobile.protocol.problems.Refused` with a stable code, or
:class:`~goes_mobile.protocol.problems.NotReachable`; nothing else. The contract suite runs against the in-memory
fake, the ASGI application and a real process.
"""

from __future__ import annotations

from typing import Protocol

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import problem


class Server(Protocol):
    """Without a session."""

    async def hello(self) -> wire.Hello: ...

    async def found(self, request: wire.FoundRequest) -> wire.Nothing:
        """A new organisation, once, with the setup token that ``init`` printed."""

    async def open_session(self, request: wire.SessionRequest) -> wire.Session: ...

    async def welcome(self, request: wire.WelcomeGet) -> wire.WelcomeAnswer:
        """The sealed welcome of an invite: ``unknown_invite``, ``invite_expired`` or ``invite_used`` otherwise."""


class Service(Protocol):
    """With a session's token; a delivery token may only ``push``, read the control stream by ``backfill``, and carry
    blobs to the server (``ask_blobs``, ``put_chunks``)."""

    async def push(self, request: wire.PushRequest) -> wire.PushAnswer: ...

    async def pull(self, request: wire.PullRequest) -> wire.PullAnswer: ...

    async def backfill(self, request: wire.BackfillRequest) -> wire.BackfillAnswer: ...

    async def streams(self) -> wire.StreamsAnswer: ...

    async def ask_blobs(self, request: wire.BlobsAsk) -> wire.BlobsAnswer:
        """Which chunks are there; served while the control log is awaited too, so that what is missing is sent."""

    async def put_chunks(self, request: wire.ChunksPut) -> wire.Nothing:
        """For a stream that one is served or has written in: ``unknown_stream`` before its first entry,
        ``blob_differs`` if something else is there, ``no_room`` beyond what the organisation may store."""

    async def get_chunks(self, request: wire.ChunksGet) -> wire.ChunksAnswer: ...

    async def put_welcome(self, request: wire.WelcomePut) -> wire.Nothing: ...

    async def put_delivery_token(self, request: wire.DeliveryToken) -> wire.Nothing: ...


# The HTTP form of the signature: method name -> path. Bodies are MessagePack both ways, always POST.
PATHS: dict[str, str] = {
    "hello": "/v1/hello",
    "found": "/v1/organisations",
    "open_session": "/v1/sessions",
    "welcome": "/v1/welcome",
    "push": "/v1/push",
    "pull": "/v1/pull",
    "backfill": "/v1/backfill",
    "streams": "/v1/streams",
    "ask_blobs": "/v1/blobs",
    "put_chunks": "/v1/blobs/put",
    "get_chunks": "/v1/blobs/get",
    "put_welcome": "/v1/welcomes",
    "put_delivery_token": "/v1/delivery-token",
}


# Who calls: ``Authorization: Bearer <token>``. A session's token is the text that the server gave; a delivery token, of
# which the server stores a hash alone, names its organisation so that the server knows where to look.
# Problems are JSON (RFC 9457): ``{"type": PROBLEM_BASE + code, "title", "status", …}``; further members are the error's
# facts. ``feed_restarted`` carries ``incarnation`` (hex) and ``awaiting_control`` (true until an administrator's device
# has pushed with ``control_complete``): the device pulls again from ``Cursor()`` and resends, once for each
# incarnation, what :meth:`Service.streams` (served all the time, like ``push``) shows to be missing.
_DELIVERY = "delivery"


def delivery_bearer(organisation: bytes, token: bytes) -> str:
    """The bearer text of a delivery token (32 random bytes; ``DeliveryToken.hash`` is their SHA-256)."""
    return f"{_DELIVERY}.{organisation.hex()}.{token.hex()}"


def read_delivery_bearer(text: str) -> tuple[bytes, bytes] | None:
    """(organisation, token) of a delivery token's bearer text; ``None`` for any other token."""
    if not text.startswith(_DELIVERY + "."):
        return None
    try:
        organisation, token = (bytes.fromhex(part) for part in text.split(".")[1:])
    except ValueError:
        raise problem("unauthorised") from None
    return organisation, token
