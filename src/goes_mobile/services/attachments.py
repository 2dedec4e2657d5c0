"""Attachments: adding a photo or a document to a file, how far it has come, opening it in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlmodel import col, select

from goes_mobile.protocol.blobs import BlobRef, SealedBlob, seal_blob
from goes_mobile.protocol.problems import Damaged, InputRefused
from goes_mobile.records.attachment import Attachment
from goes_mobile.services import media, people, sameness
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named
from goes_mobile.store.change import Change

Stage = Literal["waiting", "sending", "server", "fetching", "away", "there"]
"""Of a content: all here and nothing sent · part of it sent · here and at the server · part of it here · not here, and
on its way · at the server, fetched when somebody asks for it."""


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A document in a list. ``done`` of ``parts`` have been sent (or fetched)."""

    id: str
    name: str = field(repr=False)
    kind: str | None
    media_type: str
    size: int
    at: datetime | None
    by: Named | None
    stage: Stage
    done: int
    parts: int
    thumbnail: bytes | None = field(repr=False)
    """A small JPEG; ``None`` if it is no picture, or not here yet."""

    @property
    def picture(self) -> bool:
        return media.is_picture(self.media_type)

    @property
    def here(self) -> bool:
        return self.stage in ("waiting", "sending", "server")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file made fit and sealed; nothing of it is on a disk yet."""

    name: str = field(repr=False)
    medium: media.Medium
    content: SealedBlob
    thumbnail: SealedBlob | None


def prepare(name: str, content: bytes) -> Prepared:
    """May take a second for a large photo, so it needs no desk and runs beside the lane."""
    medium = media.fit(name, content)
    thumbnail = None if medium.thumbnail is None else seal_blob(medium.thumbnail)
    return Prepared(name, medium, seal_blob(medium.content), thumbnail)


def add(desk: Desk, person: str, file: Prepared, kind: str | None) -> list[Change]:
    """The record and its content, on disk together or not at all."""
    site = people.get(desk, person).site
    values = {
        "person": person, "site": site or desk.me.site, "name": file.name, "kind": kind,
        "media_type": file.medium.media_type, "size": len(file.medium.content), "content": file.content.ref.text,
    }  # fmt: skip
    blobs = [file.content]
    if file.thumbnail is not None:
        values["thumbnail"] = file.thumbnail.ref.text
        blobs.append(file.thumbnail)
    return [Change("attachment", desk.new_id(), {k: v for k, v in values.items() if v is not None}, blobs=tuple(blobs))]


def lines(desk: Desk, person: str) -> list[AttachmentLine]:
    """A file's documents, newest first."""
    query = select(Attachment).where(
        col(Attachment.person).in_(sameness.ids(desk, person)), col(Attachment.deleted).is_(False)
    )
    return [line(desk, found) for found in desk.read.exec(query.order_by(col(Attachment.created_at).desc()))]


def line(desk: Desk, found: Attachment) -> AttachmentLine:
    stage, done, parts = stage_of(desk, found.content)
    return AttachmentLine(
        found.id, found.name, found.kind, found.media_type, found.size, found.created_at,
        named(desk, "member", found.created_by or None), stage, done, parts, _thumbnail(desk, found),
    )  # fmt: skip


def stage_of(desk: Desk, content: str) -> tuple[Stage, int, int]:
    """How far a content has come: its stage, and so many of so many parts."""
    state = desk.archive.blobs.state(BlobRef.read(content))
    if state.here < state.count:
        return "there" if not state.wanted else "fetching" if state.here else "away", state.here, state.count
    return "server" if state.sent >= state.count else "sending" if state.sent else "waiting", state.sent, state.count


def _thumbnail(desk: Desk, found: Attachment) -> bytes | None:
    if not found.thumbnail:
        return None
    try:
        return desk.archive.blobs.read(BlobRef.read(found.thumbnail))
    except Damaged:
        return None  # not here yet, or to be fetched again


def get(desk: Desk, attachment: str) -> Attachment:
    found = desk.read.get(Attachment, attachment)
    if found is None:
        raise InputRefused("unknown_record", field="attachment")
    return found


def content(desk: Desk, attachment: str) -> bytes:
    """In memory alone. :class:`Damaged` while it is not all here, or if it is not what was added."""
    return desk.archive.blobs.read(BlobRef.read(get(desk, attachment).content))


def fetch(desk: Desk, attachment: str) -> None:
    """What lies at the server alone comes here with the next contact."""
    desk.archive.blobs.ask(BlobRef.read(get(desk, attachment).content).id)


def delete(desk: Desk, attachment: str) -> list[Change]:
    get(desk, attachment)
    return [Change("attachment", attachment, delete=True)]


def restore(desk: Desk, attachment: str) -> list[Change]:
    return [Change("attachment", attachment, {"deleted": False})]
