"""Dokumente on the screen: picked, named, opened in memory, given out after a question, deleted and brought back."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import people
from goes_mobile.services.people import PersonForm
from goes_mobile.state.app import App
from goes_mobile.state.documents import Documents
from goes_mobile.state.parts import Picked
from tests.state.team import Team


class Folder:
    """A person who picks this, and saves where they are asked to."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.picks: Picked | None = None
        self.saved: dict[str, bytes] = {}

    async def choose(self, most: int, endings: Sequence[str] = ()) -> Picked | None:
        assert "pdf" in endings
        await self.app.presence.left()  # the picker lies over the window
        return self.picks

    async def save(self, name: str, content: bytes) -> str | None:
        self.saved[name] = content
        return name


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "JPEG")
    return out.getvalue()


async def opened(team: Team) -> tuple[Documents, Folder]:
    person = await team.admin.do(people.create, PersonForm(alias="Falke"))
    app = team.admin.app
    folder = Folder(app)
    app.files = folder
    view = Documents(app, person)
    await view.reload()
    assert view.lines == []
    return view, folder


async def test_a_photo_is_picked_named_looked_at_and_deleted(team: Team):
    view, folder = await opened(team)
    view.app.presence.wish(0)
    await view.pick()
    assert view.chosen is None  # they thought better of it
    folder.picks = Picked("Foto.jpg", picture())
    await view.pick()
    assert view.app.status.phase == "open", "whoever picks has not left, however soon it locks"
    assert view.chosen is not None
    assert view.lines == []
    await view.add(view.chosen, "photo")
    await view.reload()
    assert view.chosen is None
    assert view.lines is not None
    (line,) = view.lines
    assert (line.name, line.kind, line.stage, line.picture) == ("Foto.jpg", "photo", "waiting", True)
    await view.open(line)
    assert view.content.startswith(b"\xff\xd8")
    view.close()
    assert (view.opened, view.content) == (None, b"")
    await view.delete(line)
    await view.reload()
    assert view.lines == []
    await view.restore(line)
    await view.reload()
    assert [found.id for found in view.lines] == [line.id]


async def test_a_document_leaves_only_when_it_is_given_out(team: Team):
    view, folder = await opened(team)
    folder.picks = Picked("Zeugnis.pdf", b"%PDF-1.7")
    await view.pick()
    await view.add(view.chosen, "certificate")
    await view.reload()
    assert view.lines is not None
    assert folder.saved == {}
    assert await view.give_out(view.lines[0]) == "Zeugnis.pdf"
    assert folder.saved == {"Zeugnis.pdf": b"%PDF-1.7"}


async def test_what_is_no_pdf_is_refused_and_nothing_is_left_waiting(team: Team):
    view, folder = await opened(team)
    folder.picks = Picked("Zeugnis.pdf", b"MZ")
    with pytest.raises(InputRefused) as refused:
        await view.pick()
    assert refused.value.code == "not_what_it_says"
    assert (view.chosen, view.working) == (None, False)
    await view.add(view.chosen, "certificate")
    await view.reload()
    assert view.lines == []


async def test_what_lies_at_the_server_alone_is_fetched_when_it_is_tapped(team: Team, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("goes_mobile.store.blobs.BY_ITSELF", 0)
    view, folder = await opened(team)
    folder.picks = Picked("Akte.pdf", b"%PDF-1.7" + bytes(600_000))
    await view.pick()
    await view.add(view.chosen, "letter")
    await view.reload()
    assert view.lines is not None
    assert [line.stage for line in view.lines] == ["waiting"]  # one's own is here, however large
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    theirs = Documents(jana.app, view.person)
    await theirs.reload()
    assert theirs.lines is not None
    (line,) = theirs.lines
    assert (line.stage, line.here) == ("there", False)
    await theirs.fetch(line)
    assert [line.stage for line in theirs.lines] == ["away"]
    assert len(jana.store.blobs.open()) == 1
