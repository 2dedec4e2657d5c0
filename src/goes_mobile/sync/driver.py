"""The server over HTTP: ``protocol.service`` for the client, and strict about what counts as an answer.

    server = HttpServer("https://sync.example.org")
    hello = await server.hello()
    service = server.session(session.token)
    await server.close()

A 200 is not success: the media type, the whole body and its shape have to be right, or it is :class:`NotReachable` with
a code that people can be told (``captive_portal``, ``timeout``, ``no_connection``, ``tls``, ``server_error``, …).
Redirects are never followed: ours does not redirect, the ones of hotels do.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
from typing import TypeVar

import httpx
import truststore

from goes_mobile.protocol import wire
from goes_mobile.protocol.packing import MAX_BYTES
from goes_mobile.protocol.problems import PROBLEMS, GoesError, InputRefused, Malformed, NotReachable, Refused
from goes_mobile.protocol.service import PATHS, Service

CONNECT_S = 10.0
SILENCE_S = 30.0  # nothing arrives, nothing can be sent
WHOLE_S = 300.0  # a page on the slowest line that is still worth it; pages shrink after a timeout
KEEP_S = 60.0
MOST_PROBLEM = 64 * 1024

Answer = TypeVar("Answer", bound=wire.Message)


class HttpServer:
    """``Remote`` by HTTP. Keeps its connections; :meth:`close` it.

    Plain HTTP beyond this machine raises :class:`InputRefused` (``insecure_url``) unless told: entries are sealed, but
    session tokens are not. Certificates are judged by the system's trust store, proxies are the system's.
    """

    def __init__(self, url: str, *, allow_http: bool = False, silence_s: float = SILENCE_S, whole_s: float = WHOLE_S,
                 transport: httpx.AsyncBaseTransport | None = None) -> None:  # fmt: skip
        self._base = _base(url, allow_http)
        self._silence_s = silence_s
        self._whole_s = whole_s
        secure = self._base.scheme == "https" and transport is None
        self._client = httpx.AsyncClient(
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if secure else False,
            headers={"Content-Type": wire.MEDIA_TYPE, "Accept": wire.MEDIA_TYPE, "Accept-Encoding": "identity"},
            timeout=self._patience(0),
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2, keepalive_expiry=KEEP_S),
            transport=transport,
            mounts={f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")},  # no proxy to ourselves
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def hello(self) -> wire.Hello:
        return await self.ask("hello", wire.Nothing(), wire.Hello)

    async def found(self, request: wire.FoundRequest) -> wire.Nothing:
        return await self.ask("found", request, wire.Nothing)

    async def open_session(self, request: wire.SessionRequest) -> wire.Session:
        return await self.ask("open_session", request, wire.Session)

    async def welcome(self, request: wire.WelcomeGet) -> wire.WelcomeAnswer:
        return await self.ask("welcome", request, wire.WelcomeAnswer)

    def session(self, token: str) -> Service:
        return _HttpService(self, token)

    async def ask(self, method: str, message: wire.Message, shape: type[Answer], token: str = "",
                  wait_s: float = 0.0) -> Answer:  # fmt: skip
        """One request, one answer of this shape."""
        try:
            async with asyncio.timeout(self._whole_s + wait_s):
                answer, body = await self._exchange(method, message, token, wait_s)
        except (TimeoutError, httpx.TimeoutException):
            raise NotReachable("timeout") from None
        except httpx.ConnectError as error:
            raise NotReachable("tls" if _is_tls(error) else "no_connection") from None
        except httpx.ProxyError:
            raise NotReachable("proxy") from None
        except httpx.HTTPError as error:  # cut, or not HTTP at all
            raise NotReachable("half_answer", reason=type(error).__name__) from None
        if answer.status_code != 200:
            raise _failure(answer, body)
        _check_kind(answer)
        try:
            return wire.parse(shape, body)
        except Malformed:
            raise NotReachable("half_answer", reason="body") from None

    def _patience(self, wait_s: float) -> httpx.Timeout:
        return httpx.Timeout(self._silence_s, connect=min(CONNECT_S, self._silence_s), read=self._silence_s + wait_s)

    async def _exchange(self, method: str, message: wire.Message, token: str,
                        wait_s: float) -> tuple[httpx.Response, bytes]:  # fmt: skip
        request = self._client.build_request(
            "POST", self._base.copy_with(path=self._base.path.rstrip("/") + PATHS[method]), content=wire.dump(message),
            headers={"Authorization": f"Bearer {token}"} if token else None, timeout=self._patience(wait_s),
        )  # fmt: skip
        answer = await self._client.send(request, stream=True)
        try:
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > MAX_BYTES:
                    raise NotReachable("strange_answer", reason="too large")
        finally:
            await answer.aclose()
        return answer, bytes(body)


class _HttpService:
    """``Service`` with one token."""

    def __init__(self, server: HttpServer, token: str) -> None:
        self._server = server
        self._token = token

    async def push(self, request: wire.PushRequest) -> wire.PushAnswer:
        return await self._server.ask("push", request, wire.PushAnswer, self._token)

    async def pull(self, request: wire.PullRequest) -> wire.PullAnswer:
        return await self._server.ask("pull", request, wire.PullAnswer, self._token, request.wait_s)

    async def backfill(self, request: wire.BackfillRequest) -> wire.BackfillAnswer:
        return await self._server.ask("backfill", request, wire.BackfillAnswer, self._token)

    async def streams(self) -> wire.StreamsAnswer:
        return await self._server.ask("streams", wire.Nothing(), wire.StreamsAnswer, self._token)

    async def ask_blobs(self, request: wire.BlobsAsk) -> wire.BlobsAnswer:
        return await self._server.ask("ask_blobs", request, wire.BlobsAnswer, self._token)

    async def put_chunks(self, request: wire.ChunksPut) -> wire.Nothing:
        return await self._server.ask("put_chunks", request, wire.Nothing, self._token)

    async def get_chunks(self, request: wire.ChunksGet) -> wire.ChunksAnswer:
        return await self._server.ask("get_chunks", request, wire.ChunksAnswer, self._token)

    async def put_welcome(self, request: wire.WelcomePut) -> wire.Nothing:
        return await self._server.ask("put_welcome", request, wire.Nothing, self._token)

    async def put_delivery_token(self, request: wire.DeliveryToken) -> wire.Nothing:
        return await self._server.ask("put_delivery_token", request, wire.Nothing, self._token)


def _base(url: str, allow_http: bool) -> httpx.URL:
    try:
        base = httpx.URL(url.strip())
    except httpx.InvalidURL:
        raise InputRefused("server_url", field="server") from None
    if base.scheme not in ("http", "https") or not base.host or base.userinfo:
        raise InputRefused("server_url", field="server")
    if base.scheme == "http" and not allow_http and not _is_loopback(base.host):
        raise InputRefused("insecure_url", field="server")
    return base.copy_with(query=None, fragment=None)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_tls(error: BaseException) -> bool:
    """Whether a connection failed for its certificate: told apart, because a wrong clock is the usual reason."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _media_type(answer: httpx.Response) -> str:
    kind: str = answer.headers.get("Content-Type", "")
    return kind.partition(";")[0].strip().lower()


def _check_kind(answer: httpx.Response) -> None:
    kind = _media_type(answer)
    if kind in ("text/html", "application/xhtml+xml"):
        raise NotReachable("captive_portal")
    if kind != wire.MEDIA_TYPE or answer.headers.get("Content-Encoding", "identity") != "identity":
        raise NotReachable("strange_answer", reason="media type")


def _failure(answer: httpx.Response, body: bytes) -> GoesError:
    """What a status other than 200 means."""
    status = answer.status_code
    if _media_type(answer) == wire.PROBLEM_TYPE and len(body) <= MOST_PROBLEM:
        return _problem(answer, body)
    if status == 413:  # a proxy with a limit of its own
        return Refused("too_large", status=413)
    if status == 500:
        return NotReachable("server_error", status=status)
    if status in (429, 502, 503, 504):
        return NotReachable("server_down", status=status, **_retry_after(answer))
    if status == 407:
        return NotReachable("proxy", status=status)
    if 300 <= status < 400 or status == 511 or _media_type(answer) == "text/html":
        return NotReachable("captive_portal", status=status)
    return NotReachable("strange_answer", status=status)


def _problem(answer: httpx.Response, body: bytes) -> GoesError:
    """An RFC 9457 problem of ours. Its further members are the error's facts, as far as they are plain values."""
    try:
        said = json.loads(body)
        kind = said["type"]
    except (ValueError, KeyError, TypeError):
        return NotReachable("strange_answer", reason="problem")
    if not isinstance(kind, str) or not kind.startswith(wire.PROBLEM_BASE):
        return NotReachable("strange_answer", reason="problem", status=answer.status_code)
    code = kind.removeprefix(wire.PROBLEM_BASE)
    told = ("type", "title", "status", "detail", "instance", "code")
    facts = {name: value for name, value in said.items() if name not in told and name.isidentifier()}
    plain = {name: value for name, value in facts.items() if isinstance(value, bool | int | float | str)}
    return Refused(code, status=PROBLEMS.get(code, answer.status_code), **(plain | _retry_after(answer)))


def _retry_after(answer: httpx.Response) -> dict[str, int]:
    text = answer.headers.get("Retry-After", "")
    return {"retry_after_s": min(int(text), 3600)} if text.isascii() and text.isdigit() else {}
