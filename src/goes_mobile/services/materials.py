"""Materialien: what lies ready to read, to show and to hand out, without any network."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import col, select

from goes_mobile.protocol.blobs import BlobRef
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.material import Material
from goes_mobile.services import media
from goes_mobile.services.attachments import Prepared, Stage, stage_of
from goes_mobile.services.desk import Desk
from goes_mobile.services.likeness import fold
from goes_mobile.services.names import say
from goes_mobile.store.change import Change


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """``stage``: of its file, as :data:`goes_mobile.services.attachments.Stage`; None if it is a text alone."""

    id: str
    title: str
    kind: str | None
    topics: list[str]
    edition: str
    valid_until: date | None
    over: bool
    pinned: bool
    media_type: str
    size: int
    stage: Stage | None
    text: str = field(repr=False)
    deleted: bool

    @property
    def here(self) -> bool:
        return self.stage in ("waiting", "sending", "server")

    @property
    def picture(self) -> bool:
        return media.is_picture(self.media_type)


@dataclass(frozen=True, slots=True)
class Library:
    """``topics``: those there is something on."""

    lines: list[MaterialLine]
    topics: list[str]


def library(desk: Desk, text: str = "", topic: str | None = None) -> Library:
    """Pinned ones first, then by title; what is no longer valid last."""
    everything = list(desk.read.exec(select(Material).where(col(Material.deleted).is_(False))))
    words = fold(text).split()
    found = [
        one for one in everything
        if (topic is None or topic in one.topics) and all(word in _haystack(desk, one) for word in words)
    ]  # fmt: skip
    lines = sorted((line(desk, one) for one in found), key=lambda one: (one.over, not one.pinned, fold(one.title)))
    return Library(lines, sorted({code for one in everything for code in one.topics}))


def _haystack(desk: Desk, one: Material) -> str:
    return fold(" ".join([one.title, one.text, *(say(desk, "material", name, getattr(one, name)) for name in
                                                 ("kind", "topics"))]))  # fmt: skip


def line(desk: Desk, one: Material) -> MaterialLine:
    return MaterialLine(
        one.id, one.title, one.kind, one.topics, one.edition, one.valid_until,
        one.valid_until is not None and one.valid_until < desk.today, one.pinned, one.media_type, one.size,
        stage_of(desk, one.content)[0] if one.content else None, one.text, one.deleted,
    )  # fmt: skip


def get(desk: Desk, material: str) -> Material:
    found = desk.read.get(Material, material)
    if found is None:
        raise InputRefused("unknown_record", field="material")
    return found


def detail(desk: Desk, material: str) -> MaterialLine:
    return line(desk, get(desk, material))


def add(desk: Desk, file: Prepared) -> list[Change]:
    """A file becomes a material; its title is the file's name until somebody gives it a better one."""
    title = file.name.rpartition(".")[0] or file.name
    values = {"title": title.replace("_", " "), **_file(file), **({"site": desk.me.site} if desk.me.site else {})}
    return [Change("material", desk.new_id(), values, blobs=(file.content,))]


def replace_file(desk: Desk, material: str, file: Prepared) -> list[Change]:
    """A newer version: everybody gets it, the history keeps which one there was."""
    get(desk, material)
    return [Change("material", material, _file(file), blobs=(file.content,))]


def _file(file: Prepared) -> dict[str, object]:
    medium = file.medium
    return {"media_type": medium.media_type, "size": len(medium.content), "content": file.content.ref.text}


def content(desk: Desk, material: str) -> bytes:
    """In memory alone. :class:`goes_mobile.protocol.problems.Damaged` while it is not all here."""
    return desk.archive.blobs.read(BlobRef.read(get(desk, material).content or ""))


def fetch(desk: Desk, material: str) -> None:
    """What lies at the server alone comes here with the next contact."""
    desk.archive.blobs.ask(BlobRef.read(get(desk, material).content or "").id)


def pin(desk: Desk, material: str, pinned: bool) -> list[Change]:
    get(desk, material)
    return [Change("material", material, {"pinned": pinned})]
