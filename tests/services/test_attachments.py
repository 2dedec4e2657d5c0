"""Photos and documents in a file: what is taken, what is left out of it, who sees it and how far it has come."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from goes_mobile.protocol.problems import Damaged, InputRefused
from goes_mobile.services import attachments, history, media, people, scripting
from goes_mobile.services.people import PersonForm
from tests.services.team import Member, Team

PDF = b"%PDF-1.7\nZeugnis"


def photo(kind: str = "JPEG", size: tuple[int, int] = (3000, 1500), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGBA" if kind == "PNG" else "RGB").save(out, kind, **more)
    return out.getvalue()


def from_a_phone() -> bytes:
    """A photo that tells where it was taken, with whose phone, and lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telefon von Luna"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 42.0, 30.0)})
    return photo(exif=exif.tobytes(), comment=b"Plochingen")


def office(*parts: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for part in parts:
            archive.writestr(part, "x")
    return out.getvalue()


def attach(member: Member, person: str, name: str = "Zeugnis.pdf", content: bytes = PDF) -> str:
    return member.made(attachments.add, person, attachments.prepare(name, content), "certificate")


def refusal(name: str, content: bytes) -> tuple[str, Any]:
    with pytest.raises(InputRefused) as refused:
        media.fit(name, content)
    return refused.value.code, refused.value.facts.get("claimed")


def test_a_photo_is_kept_without_where_and_when_it_was_taken(jana: Member) -> None:
    medium = media.fit("IMG_1.jpg", from_a_phone())
    assert b"Luna" not in medium.content
    assert b"Plochingen" not in medium.content
    with Image.open(io.BytesIO(medium.content)) as kept:
        assert not kept.getexif()
        assert kept.size == (1024, 2048)  # upright, and no larger than a screen needs
    assert medium.thumbnail is not None
    with Image.open(io.BytesIO(medium.thumbnail)) as small:
        assert (small.format, max(small.size)) == ("JPEG", 256)


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("WEBP", "a.webp"), ("JPEG", "ohne Endung")])
def test_pictures_keep_their_format(kind: str, name: str) -> None:
    medium = media.fit(name, photo(kind, (300, 200)))
    with Image.open(io.BytesIO(medium.content)) as kept:
        assert (kept.format, kept.size) == (kind, (300, 200))
    assert media.is_picture(medium.media_type)


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("Brief.pdf", PDF, "application/pdf"),
        ("Notiz.txt", "Grüße".encode(), "text/plain"),
        ("B.docx", office("[Content_Types].xml", "word/document.xml"), "wordprocessingml.document"),
        ("T.xlsx", office("[Content_Types].xml", "xl/workbook.xml"), "spreadsheetml.sheet"),
        ("B.odt", office(mimetype="application/vnd.oasis.opendocument.text"), "opendocument.text"),
    ],
)
def test_documents_are_kept_as_they_are(name: str, content: bytes, kept: str) -> None:
    medium = media.fit(name, content)
    assert medium.media_type.endswith(kept)
    assert (medium.content, medium.thumbnail) == (content, None)


def test_what_may_not_be_attached_says_why() -> None:
    assert refusal("Zeugnis.pdf", b"MZ\x90\x00 ein Programm") == ("not_what_it_says", "PDF")
    assert refusal("Zeugnis.pdf", office("[Content_Types].xml", "word/document.xml")) == ("not_what_it_says", "PDF")
    assert refusal("Text.txt", b"\x00\xff") == ("not_what_it_says", "TXT")
    assert refusal("B.docx", office("irgendwas")) == ("not_what_it_says", "DOCX")
    assert refusal("B.docx", b"PK\x03\x04kaputt") == ("not_what_it_says", "DOCX")
    assert refusal("virus.exe", b"MZ")[0] == "format_unknown"
    assert refusal("leer.pdf", b"")[0] == "file_empty"
    assert refusal("gross.pdf", PDF + bytes(media.MOST_BYTES))[0] == "file_too_large"
    assert refusal("kaputt.jpg", photo()[:200])[0] == "picture_unreadable"
    assert refusal("kaputt.png", b"\x89PNG\r\n\x1a\n" + bytes(50))[0] == "picture_unreadable"


def test_a_picture_that_unfolds_beyond_a_tablets_memory_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    assert refusal("bombe.png", out.getvalue())[0] == "picture_too_large"


def test_a_document_is_in_the_file_at_once_and_a_colleague_sees_that_it_comes(
    team: Team, jana: Member, aylin: Member
) -> None:
    person = jana.made(people.create, PersonForm("Falke"))
    attach(jana, person)
    picture = jana.made(attachments.add, person, attachments.prepare("Foto.jpg", photo()), "photo")
    team.everyone_syncs()
    lines = {line.id: line for line in jana.ask(attachments.lines, person)}
    assert {(line.name, line.kind, line.stage) for line in lines.values()} == {
        ("Zeugnis.pdf", "certificate", "waiting"), ("Foto.jpg", "photo", "waiting"),
    }  # fmt: skip
    assert lines[picture].thumbnail is not None
    assert jana.ask(attachments.content, picture).startswith(b"\xff\xd8")
    there = {line.id: line for line in aylin.ask(attachments.lines, person)}
    assert {line.stage for line in there.values()} == {"away"}
    assert there[picture].thumbnail is None
    with pytest.raises(Damaged):
        aylin.ask(attachments.content, picture)


def test_nobody_elsewhere_hears_of_it(team: Team, jana: Member, tom: Member) -> None:
    person = jana.made(people.create, PersonForm("Falke"))
    attach(jana, person)
    team.everyone_syncs()
    assert tom.ask(attachments.lines, person) == []
    assert tom.store.blobs.open() == []


def test_deleting_can_be_undone(jana: Member) -> None:
    person = jana.made(people.create, PersonForm("Falke"))
    document = attach(jana, person)
    jana.do(attachments.delete, document)
    assert jana.ask(attachments.lines, person) == []
    jana.do(attachments.restore, document)
    assert [line.id for line in jana.ask(attachments.lines, person)] == [document]
    assert jana.ask(attachments.content, document) == PDF


def test_keys_of_documents_are_in_no_history_and_no_export(jana: Member) -> None:
    document = attach(jana, jana.made(people.create, PersonForm("Falke")))
    (row,) = jana.ask(history.rows, "attachment", document)
    assert {change.path for change in row.changes} == {"person", "site", "name", "kind", "media_type", "size"}
    assert not {"content", "thumbnail"} & jana.ask(scripting.plain, "attachment", document).keys()
