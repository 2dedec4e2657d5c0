"""The HTTP driver: what counts as an answer, and what everything else is called."""

from __future__ import annotations

import asyncio
import json
import ssl

import httpx
import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import GoesError, InputRefused, NotReachable, Refused
from goes_mobile.sync.driver import HttpServer
from tests.sync.misbehaving import Answer, Misbehaving, hello, http, misbehaving, says

HTML = b"<html><body>Willkommen im Hotel-WLAN</body></html>"


async def asked(behaviour: Misbehaving) -> GoesError:
    server = HttpServer(behaviour.url, silence_s=0.5)
    try:
        with pytest.raises(GoesError) as error:
            await server.hello()
        return error.value
    finally:
        await server.close()


async def test_an_answer_of_the_right_kind_shape_and_length_is_one() -> None:
    async with misbehaving(says(http(hello(b"challenge")))) as behaviour:
        server = HttpServer(behaviour.url)
        assert (await server.hello()).challenge == b"challenge"
        await server.close()
        head, _, body = behaviour.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/hello HTTP/1.1")
    assert b"content-type: application/msgpack" in head.lower()
    assert body == wire.dump(wire.Nothing())


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(http(HTML, "text/html; charset=utf-8")), "captive_portal"),
        (says(http(b"", status="302 Found", extra="Location: http://login.example/\r\n")), "captive_portal"),
        (says(http(HTML, "text/html", "511 Network Authentication Required")), "captive_portal"),
        (says(http(HTML, "text/html", "404 Not Found")), "captive_portal"),
        (says(http(b"nope", "text/plain", "404 Not Found")), "strange_answer"),
        (says(http(b'{"ok": true}', "application/json")), "strange_answer"),
        (says(http(hello(), extra="Content-Encoding: br\r\n")), "strange_answer"),
        (says(http(hello()[:-3])), "half_answer"),
        (says(http(hello(), length=len(hello()) + 50), then_close=True), "half_answer"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Type: application/msgpack\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
              then_close=True), "half_answer"),
        (says(http(wire.dump(wire.WelcomeAnswer(sealed=b"x")))), "half_answer"),
        (says(http(b"")), "half_answer"),
        (says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", then_close=True), "half_answer"),
        (says(b"", then_close=True), "half_answer"),
        (says(http(b"oops", "text/plain", "500 Internal Server Error")), "server_error"),
        (says(http(HTML, "text/html", "502 Bad Gateway")), "server_down"),
        (says(http(b"", "text/plain", "503 Service Unavailable", extra="Retry-After: 7\r\n")), "server_down"),
        (says(http(b"", "text/plain", "407 Proxy Authentication Required")), "proxy"),
    ],
)  # fmt: skip
async def test_everything_else_is_no_answer_and_has_a_name(answer: Answer, code: str) -> None:
    async with misbehaving(answer) as behaviour:
        error = await asked(behaviour)
    assert isinstance(error, NotReachable)
    assert error.code == code


async def test_redirects_are_not_followed() -> None:
    async with misbehaving(says(http(hello()))) as aim:
        away = says(http(b"", status="307 Temporary Redirect", extra=f"Location: {aim.url}/v1/hello\r\n"))
        async with misbehaving(away) as behaviour:
            assert (await asked(behaviour)).code == "captive_portal"
        assert aim.connections == 0


async def test_a_server_that_says_nothing_is_a_timeout() -> None:
    async with misbehaving(says(b"HTTP/1.1 200 OK\r\n")) as behaviour:
        assert (await asked(behaviour)).code == "timeout"


async def test_an_answer_that_drips_for_ever_is_a_timeout() -> None:
    stop = asyncio.Event()

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(http(b"", length=10_000))
        while not stop.is_set() and not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with misbehaving(drip) as behaviour:
        server = HttpServer(behaviour.url, silence_s=0.5, whole_s=0.3)
        with pytest.raises(NotReachable, match="timeout"):
            await server.hello()
        await server.close()
        stop.set()


async def test_an_endless_answer_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goes_mobile.sync.driver.MAX_BYTES", 1000)
    async with misbehaving(says(http(bytes(5000)))) as behaviour:
        assert (await asked(behaviour)).code == "strange_answer"


async def test_nobody_there_is_no_connection() -> None:
    async with misbehaving(says(b"")) as behaviour:
        pass
    assert (await asked(behaviour)).code == "no_connection"


async def test_an_unknown_name_is_no_connection() -> None:
    def unknown(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno -2] Name or service not known", request=request)

    server = HttpServer("https://sync.invalid", transport=httpx.MockTransport(unknown))
    with pytest.raises(NotReachable, match="no_connection"):
        await server.hello()
    await server.close()


async def test_a_certificate_that_does_not_fit_is_told_apart() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("certificate", request=request) from ssl.SSLCertVerificationError("expired")

    server = HttpServer("https://sync.invalid", transport=httpx.MockTransport(refuse))
    with pytest.raises(NotReachable, match="tls"):
        await server.hello()
    await server.close()


@pytest.mark.parametrize(
    ("status", "problem", "expected"),
    [
        ("403 Forbidden", {"type": wire.PROBLEM_BASE + "revoked", "status": 403}, ("revoked", 403, {})),
        ("409 Conflict", {"type": wire.PROBLEM_BASE + "feed_restarted", "incarnation": "ab", "awaiting_control": True},
         ("feed_restarted", 409, {"incarnation": "ab", "awaiting_control": True})),
        ("418 Teapot", {"type": wire.PROBLEM_BASE + "of_tomorrow", "nested": {"a": 1}, "not a name": 1},
         ("of_tomorrow", 418, {})),
        ("503 Service Unavailable", {"type": wire.PROBLEM_BASE + "busy"}, ("busy", 503, {"retry_after_s": 7})),
    ],
)  # fmt: skip
async def test_a_problem_of_ours_is_a_refusal_with_its_code(
    status: str, problem: dict[str, object], expected: tuple[str, int, dict[str, object]]
) -> None:
    extra = "Retry-After: 7\r\n" if status.startswith("503") else ""
    async with misbehaving(
        says(http(json.dumps(problem).encode(), wire.PROBLEM_TYPE, status, extra=extra))
    ) as behaviour:
        error = await asked(behaviour)
    assert isinstance(error, Refused)
    assert (error.code, error.status, error.facts) == expected


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"type": 5}', b'{"type": "https://example.org/other"}', b"{}"])
async def test_somebody_elses_problem_is_not_ours(body: bytes) -> None:
    async with misbehaving(says(http(body, wire.PROBLEM_TYPE, "403 Forbidden"))) as behaviour:
        error = await asked(behaviour)
    assert isinstance(error, NotReachable)
    assert error.code == "strange_answer"


async def test_a_proxy_that_finds_it_too_large_refuses_like_the_server() -> None:
    async with misbehaving(says(http(HTML, "text/html", "413 Content Too Large"))) as behaviour:
        error = await asked(behaviour)
    assert isinstance(error, Refused)
    assert error.code == "too_large"


async def test_two_answers_to_one_question_do_not_answer_the_next_one_wrongly() -> None:
    """The second copy may be taken for the next answer: then its shape betrays it, and after that all is well."""
    page = wire.dump(wire.PullAnswer(entries=(), heads=(), cursor=wire.Cursor(), more=False, time_ms=1))
    async with misbehaving(says(http(hello(b"1")) * 2), says(http(page))) as behaviour:
        server = HttpServer(behaviour.url)
        await server.hello()
        service = server.session("token")
        outcomes = []
        for _ in range(3):
            try:
                outcomes.append((await service.pull(wire.PullRequest(cursor=wire.Cursor()))).time_ms)
            except NotReachable as error:
                outcomes.append(error.code)
        await server.close()
    assert outcomes[-1] == 1
    assert all(outcome in (1, "half_answer") for outcome in outcomes)


async def test_rounds_without_news_keep_one_connection_and_say_who_asks() -> None:
    page = wire.dump(wire.PullAnswer(entries=(), heads=(), cursor=wire.Cursor(), more=False, time_ms=1))
    async with misbehaving(says(http(page))) as behaviour:
        server = HttpServer(behaviour.url + "/county/")
        for _ in range(5):
            await server.session("s3cret").pull(wire.PullRequest(cursor=wire.Cursor()))
        await server.close()
        assert (behaviour.connections, len(behaviour.requests)) == (1, 5)
        assert behaviour.requests[0].startswith(b"POST /county/v1/pull HTTP/1.1")
        assert b"authorization: bearer s3cret" in behaviour.requests[0].lower()


@pytest.mark.parametrize("url", ["http://sync.example.org", "http://192.168.1.5:8420", "http://10.0.0.1"])
def test_plain_http_beyond_this_machine_is_refused_unless_told(url: str) -> None:
    with pytest.raises(InputRefused, match="insecure_url"):
        HttpServer(url)
    HttpServer(url, allow_http=True)


@pytest.mark.parametrize("url", ["", "sync.example.org", "ftp://x.example", "https://", "https://user:pw@x.example"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InputRefused, match="server_url"):
        HttpServer(url)


@pytest.mark.parametrize("url", ["http://localhost:8420", "http://127.0.0.1", "http://[::1]:8420", "https://x.example"])
def test_loopback_and_https_are_fine(url: str) -> None:
    HttpServer(url)


async def test_the_system_proxy_is_used_but_never_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with misbehaving(says(http(b"", "text/plain", "407 Proxy Authentication Required"))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        server = HttpServer("https://sync.example.org")
        with pytest.raises(NotReachable, match="proxy"):
            await server.hello()
        await server.close()
        assert proxy.requests[0].startswith(b"CONNECT sync.example.org:443")
        async with misbehaving(says(http(hello()))) as behaviour:
            server = HttpServer(behaviour.url)
            await server.hello()
            await server.close()
        assert len(proxy.requests) == 1
