"""The server's core as its resources use it, called straight: what a test of decisions and tables needs."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from goes_mobile.protocol import wire
from sync_server import admission, pushing, serving
from sync_server.core import Core
from sync_server.database import Database
from sync_server.installation import initialise, new_setup_token
from sync_server.settings import Settings
from tests.actors import NOW, Actor, Organisation


class Counter:
    """``now`` is its clock. Several organisations may be founded, each with a setup token of its own."""

    def __init__(self, database_url: str) -> None:
        self.now = NOW
        self.settings = Settings(database_url)
        database = Database(database_url)
        initialise(database)
        database.close()
        self.core = Core(self.settings, lambda: self.now)
        self._tokens: dict[bytes, str] = {}

    def setup_token(self) -> str:
        with self.core.database.write() as connection:
            return new_setup_token(connection, self.now)

    def found(self, team: Organisation) -> None:
        entries = tuple(entry.raw for entry in team.control)
        admission.found(
            self.core, wire.FoundRequest(setup_token=self.setup_token(), organisation=team.id, entries=entries)
        )

    def token(self, actor: Actor) -> str:
        if actor.id not in self._tokens:
            hello = admission.hello(self.core)
            request = actor.session_request(hello.server_id, hello.challenge)
            self._tokens[actor.id] = admission.open_session(self.core, request).token
        return self._tokens[actor.id]

    def push(self, actor: Actor, entries: Any, **options: Any) -> wire.PushAnswer:
        raws = tuple(entry if isinstance(entry, bytes) else entry.raw for entry in entries)
        return pushing.push(self.core, self.token(actor), wire.PushRequest(entries=raws, **options))[0]

    def receipts(self, answer: wire.PushAnswer) -> list[wire.Receipt]:
        return list(wire.read_receipts(answer.receipts, self.core.identity.sign).items)

    def pull(self, actor: Actor, cursor: wire.Cursor = wire.Cursor(), **options: Any) -> wire.PullAnswer:  # noqa: B008
        return serving.pull(self.core, self.token(actor), wire.PullRequest(cursor=cursor, **options)).answer

    def streams(self, actor: Actor) -> wire.StreamsAnswer:
        return serving.streams(self.core, self.token(actor))

    def __enter__(self) -> Counter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.core.database.close()
