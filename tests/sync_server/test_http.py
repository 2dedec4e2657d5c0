"""The HTTP form: what may come in, what goes out, and that nothing that comes in is ever a 500."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import content_type_conformance, not_a_server_error, status_code_conformance

from goes_mobile.protocol import wire
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import PROBLEMS, Refused
from goes_mobile.protocol.service import PATHS, delivery_bearer
from goes_mobile.protocol.streams import StreamRef
from sync_server.api.messages import BATCH, TITLES
from sync_server.app import create_app
from tests.actors import SITE, Organisation
from tests.sync_server.counter import Counter

REF = StreamRef("site", SITE)
MSGPACK = {"content-type": wire.MEDIA_TYPE}
REQUESTS: dict[str, type[wire.Message]] = {
    "found": wire.FoundRequest,
    "open_session": wire.SessionRequest,
    "welcome": wire.WelcomeGet,
    "push": wire.PushRequest,
    "pull": wire.PullRequest,
    "backfill": wire.BackfillRequest,
    "ask_blobs": wire.BlobsAsk,
    "put_chunks": wire.ChunksPut,
    "get_chunks": wire.ChunksGet,
    "put_welcome": wire.WelcomePut,
    "put_delivery_token": wire.DeliveryToken,
}


class Desk:
    """An application, and somebody with a session."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.team = Organisation.found()
        self.anna = self.team.enrol("outreach")
        counter.found(self.team)
        self.entries = [self.anna.open_stream(REF), *self.anna.notes(REF.id(self.team.id), 3)]
        self.app = create_app(counter.settings, lambda: counter.now)
        self.token = counter.token(self.anna)

    def post(self, path: str, body: bytes, token: str | None = None) -> httpx.Response:
        """One request in a loop of its own, so that it fits into a property test."""
        return asyncio.run(self._post(path, body, token or self.token))

    async def _post(self, path: str, body: bytes, token: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://server.test") as client:
            return await client.post(path, content=body, headers={**MSGPACK, "authorization": f"Bearer {token}"})

    def get(self, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://server.test") as client:
                return await client.get(path)

        return asyncio.run(ask())


@pytest.fixture
def desk(counter: Counter) -> Iterator[Desk]:
    desk = Desk(counter)
    yield desk
    desk.app.state.server.close()


def check(answer: httpx.Response) -> None:
    """Ours, or a problem with one of our codes; never a server error but *busy*."""
    if answer.status_code == 200:
        assert answer.headers["content-type"] == wire.MEDIA_TYPE
        assert isinstance(unpack(answer.content), dict)
        return
    assert answer.headers["content-type"] == wire.PROBLEM_TYPE
    problem = answer.json()
    code = problem["type"].removeprefix(wire.PROBLEM_BASE)
    assert PROBLEMS[code] == answer.status_code == problem["status"]
    assert problem["title"]
    assert code not in ("busy", "stopping")


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(sorted(PATHS.values())), body=st.binary(max_size=200) | ANYTHING.map(pack))
def test_any_body_at_any_path_is_answered(desk: Desk, path: str, body: bytes) -> None:
    check(desk.post(path, body))


def example(desk: Desk, name: str) -> dict[str, Any]:
    """A message that is right, as a dictionary to spoil."""
    raws = tuple(entry.raw for entry in desk.entries)
    hello = desk.counter.core.identity
    right: dict[str, wire.Message] = {
        "found": wire.FoundRequest(setup_token="x", organisation=desk.team.id, entries=raws),
        "open_session": desk.anna.session_request(hello.id, hello.challenge(desk.counter.now)),
        "welcome": wire.WelcomeGet(lookup=bytes(16)),
        "push": wire.PushRequest(entries=raws),
        "pull": desk.counter.pull(desk.anna) and wire.PullRequest(cursor=desk.counter.pull(desk.anna).cursor),
        "backfill": wire.BackfillRequest(stream=desk.team.control_stream),
        "ask_blobs": wire.BlobsAsk(blobs=(wire.BlobPlace(stream=bytes(16), blob=bytes(16)),)),
        "put_chunks": wire.ChunksPut(stream=REF.id(desk.team.id), blob=bytes(16), count=2, chunks=((1, bytes(20)),)),
        "get_chunks": wire.ChunksGet(stream=REF.id(desk.team.id), blob=bytes(16), chunks=(0,)),
        "put_welcome": wire.WelcomePut(lookup=bytes(16), sealed=b"", expires_ms=1),
        "put_delivery_token": wire.DeliveryToken(hash=bytes(32)),
    }
    return right[name].model_dump()


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(REQUESTS)), data=st.data())
def test_a_right_message_with_one_thing_wrong_is_answered(desk: Desk, name: str, data: st.DataObject) -> None:
    message = example(desk, name)
    field = data.draw(st.sampled_from(sorted(message)))
    value = data.draw(ANYTHING)
    if field == "wait_s" and isinstance(value, int | float):
        value = 0
    within = message[field]
    if isinstance(within, dict):
        within[data.draw(st.sampled_from(sorted(within)))] = value
    elif isinstance(within, tuple) and data.draw(st.booleans()):
        message[field] = [*within, value]
    else:
        message[field] = value
    check(desk.post(PATHS[name], pack(message)))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_entry_with_anything_in_its_header_is_answered(desk: Desk, data: st.DataObject) -> None:
    header, nonce, body, signature = unpack(desk.entries[0].raw)
    parts = [unpack(header), nonce, body, signature]
    place = data.draw(st.integers(0, len(parts[0]) - 1))
    parts[0][place] = data.draw(ANYTHING)
    if data.draw(st.booleans()):
        parts[data.draw(st.integers(1, 3))] = data.draw(ANYTHING)
    raw = pack([pack(parts[0]), *parts[1:]])
    answer = desk.post(PATHS["push"], pack({"entries": [raw]}))
    check(answer)
    said = wire.parse(wire.PushAnswer, answer.content)
    assert raw == desk.entries[0].raw or said.refused or said.gaps or said.unknown or said.unread


@pytest.mark.parametrize("name", sorted(PATHS))
def test_without_a_token_there_is_no_service(desk: Desk, name: str) -> None:
    body = pack(example(desk, name)) if name in REQUESTS else b""
    for token in (
        "nonsense",
        "a.b.c",
        "session.zz.zz",
        "session.00.00",
        "delivery.x",
        delivery_bearer(bytes(16), bytes(32)),
    ):
        answer = desk.post(PATHS[name], body, token)
        check(answer)
        if name not in ("hello", "found", "open_session", "welcome"):
            assert answer.status_code == 401


async def test_a_missing_or_foreign_authorisation_is_401(desk: Desk) -> None:
    transport = httpx.ASGITransport(desk.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://server.test") as client:
        for headers in ({}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer"}, {"authorization": "Bearer "}):
            answer = await client.post(PATHS["streams"], headers=headers)
            assert answer.status_code == 401
            assert answer.json()["type"] == wire.PROBLEM_BASE + "unauthorised"


@pytest.mark.parametrize(
    ("name", "limit"), [("push", BATCH), ("found", BATCH), ("pull", 64 * 1024), ("welcome", 64 * 1024)]
)
async def test_a_body_is_not_read_beyond_its_limit(desk: Desk, name: str, limit: int) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10 * limit:
            sent += 16 * 1024
            yield bytes(16 * 1024)

    with pytest.raises(Refused) as caught:
        await read_endless(desk, name, endless())
    assert caught.value.code == "too_large"
    assert limit < sent < limit + 64 * 1024


async def read_endless(desk: Desk, name: str, parts: AsyncIterator[bytes]) -> None:
    """Straight through the reader: a test transport would collect the whole body first."""
    from starlette.requests import Request

    from sync_server.api.messages import read

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": await anext(parts), "more_body": True}

    scope = {"type": "http", "method": "POST", "path": PATHS[name], "headers": [], "app": desk.app}
    await read(Request(scope, receive), REQUESTS[name], BATCH if name in ("push", "found") else 64 * 1024)


def test_every_code_has_a_title() -> None:
    assert TITLES.keys() == PROBLEMS.keys()


def test_a_strange_path_or_method_is_a_problem_too(desk: Desk) -> None:
    for answer, status in ((desk.post("/v1/nothing", b""), 404), (desk.get(PATHS["push"]), 405)):
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert answer.headers["content-type"] == wire.PROBLEM_TYPE


def test_openapi_says_all_messages(desk: Desk) -> None:
    schema = desk.get("/openapi.json").json()
    for name, path in PATHS.items():
        operation = schema["paths"][path]["post"]
        answered = operation["responses"]["200"]["content"][wire.MEDIA_TYPE]["schema"]["$ref"]
        assert answered.removeprefix("#/components/schemas/") in schema["components"]["schemas"]
        if name in REQUESTS:
            taken = operation["requestBody"]["content"][wire.MEDIA_TYPE]["schema"]["$ref"]
            assert taken == f"#/components/schemas/{REQUESTS[name].__name__}"
        open_to_all = name in ("hello", "found", "open_session", "welcome")
        assert ("security" in operation) is not open_to_all
    references = set(json.dumps(schema).split('"$ref": "#/components/schemas/')[1:])
    assert {each.split('"')[0] for each in references} <= schema["components"]["schemas"].keys()


@schemathesis.serializer(wire.MEDIA_TYPE)
def as_msgpack(_context: Any, value: Any) -> bytes:
    return pack(_bytes_as_bytes(value))


def _bytes_as_bytes(value: Any) -> Any:
    """JSON Schema knows no bytes: what it calls a binary string is one."""
    if isinstance(value, dict):
        return {name: _bytes_as_bytes(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_bytes_as_bytes(each) for each in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return value if not isinstance(value, int) or -(2**63) <= value < 2**64 else 0


def test_the_server_keeps_to_its_own_openapi(desk: Desk) -> None:
    checks = [not_a_server_error, status_code_conformance, content_type_conformance]
    statuses: set[tuple[str, int]] = set()
    schema = schemathesis.openapi.from_asgi("/openapi.json", desk.app)
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            case.headers = {**(case.headers or {}), "authorization": f"Bearer {desk.token}"}
            if isinstance(case.body, dict) and "wait_s" in case.body:
                case.body["wait_s"] = 0
            statuses.add((case.operation.path, case.call_and_validate(checks=checks).status_code))

        ask()
    assert {path for path, _ in statuses} == {*PATHS.values(), "/healthz", "/metrics"}
    assert {status for _, status in statuses} >= {200, 400}
