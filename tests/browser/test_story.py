"""The first whole way, as three people live it: noted without network, safe, delivered, asked about, approved.

A tablet, a phone and the supervisor's screen, each with its own profile in its own web app, a real server process, and
a switch in the tablet's network. Afterwards nothing they wrote can be found in any file or in anything that was sent.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio

from goes_mobile.services import encounters, history
from goes_mobile.state.profile import Profile
from tests.browser.harness import People, Person, people
from tests.browser.town import Seat, Town, town

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="module"),
]
PICTURES = Path("build/pictures/story")
ALL_THERE = "Alles beim Server"

# Words that occur nowhere else: each is typed into one field.
ALIAS = "Quendelfuchs"
NOTE = "Zirbelkiefer"
OTHER_NOTE = "Wacholderbeere"
PLACE = "Schlehenhecke"
OTHER_PLACE = "Mispelgasse"
STEP = "Pastinakentermin"
COMMENT = "Kerbelfrage"
ANSWER = "Majoranwort"
DRAFT = "Liebstoeckel"
VEHICLE = "Borretschbus"
HERS = "Ysopwiese"
THEIRS = "Bibernellenweg"
SECRETS = {
    "jana": "Salbei im Hochbeet vier",
    "aylin": "Koriander am Fenster neun",
    "sabine": "Rosmarin unter Glas sieben",
}
TYPED = (ALIAS, NOTE, OTHER_NOTE, PLACE, OTHER_PLACE, STEP, COMMENT, ANSWER, DRAFT, VEHICLE, HERS, THEIRS)
MARKERS = (*TYPED, *SECRETS.values(), "Jana Keller", "Sabine Wolf")


@dataclass
class Day:
    """What one day leaves behind; the test that looks through it asks for the one that lived it."""

    place: Path
    town: Town
    staff: People
    lived: bool = False
    typed: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Everything the story writes, what it calls temporary included, lies below one directory."""
    found = tmp_path_factory.mktemp("story")
    scratch = found / "scratch"
    scratch.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(scratch))
        patch.setattr(tempfile, "tempdir", str(scratch))
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(place: Path, chromium: Path) -> AsyncIterator[Day]:
    async with town(place, SECRETS) as here, people(chromium) as staff:
        yield Day(place, here, staff)


async def write(day: Day, person: Person, label: str, text: str) -> None:
    """Types, and notes which of the words that are searched for later it was."""
    day.typed |= {word for word in TYPED if word in text}
    await person.type(label, text)


async def unlock(person: Person, seat: Seat) -> None:
    await person.sees("Wer arbeitet?")
    await person.sees(seat.name.split()[0])
    await person.settled()
    await person.type("Passphrase", seat.secret)
    await person.tap("Entsperren")
    await person.sees_not("Wer arbeitet?")
    await person.sees("Heute")


async def sit_down(day: Day, seat: Seat, size: str) -> Person:
    person = await day.staff.sit_down(seat.url, size=size)
    await unlock(person, seat)
    return person


async def test_a_note_without_network_reaches_everybody(day: Day) -> None:
    here = day.town
    jana = await sit_down(day, here.jana, "wide")
    aylin = await sit_down(day, here.aylin, "phone")
    sabine = await sit_down(day, here.sabine, "wide")
    for one in (jana, sabine):
        await one.sees(ALL_THERE)

    await set_out(day, jana)
    here.cut.switch(False)
    await note_two(day, jana)
    await leave_and_come_back(day, jana)
    assert await counted(here.sabine.profile) == 0
    here.cut.switch(True)
    await jana.sees(ALL_THERE)

    await ask_back(day, sabine)
    await answer(day, jana)
    await approve(day, sabine)
    await look_up(aylin)
    await both_change(day, jana, aylin)
    assert [person.outside for person in (jana, aylin, sabine)] == [[], [], []]
    assert day.typed == set(TYPED)
    day.lived = True


def waits(saved: int) -> re.Pattern[str]:
    """What the chip says without network: what was saved, not the keys that somebody new brings along."""
    return re.compile(rf"Offline.*\b{saved} {'wartet' if saved == 1 else 'warten'}")


async def set_out(day: Day, jana: Person) -> None:
    await jana.tap("Einsatz")
    await jana.tap("Einsatz beginnen")
    await write(day, jana, "Fahrzeug", VEHICLE)
    await jana.tap("Losfahren")
    await jana.sees("Unterwegs")
    await jana.sees(ALL_THERE)


async def place_named(day: Day, jana: Person, where: str) -> None:
    await jana.tap(re.compile("^Wo und wann"))
    await write(day, jana, "Ort, genauer", where)
    await jana.tap("Fertig", "button")


async def note_two(day: Day, jana: Person) -> None:
    """Nobody's name, then somebody new with a next step; and a third one that is begun only."""
    await jana.tap("Heute")
    await jana.tap("Erfassen")
    await place_named(day, jana, PLACE)
    await jana.tap("18–20")
    await jana.tap("Ausbildung")
    await write(day, jana, "Notiz", f"Will ins Handwerk, {NOTE}.")
    await jana.tap("Speichern", "button")
    await jana.sees(f"Gespeichert: {PLACE}")
    await jana.sees(waits(1))

    await jana.tap("Erfassen")
    await place_named(day, jana, OTHER_PLACE)
    await jana.tap("Person suchen")
    await jana.sees("Neu anlegen")
    await write(day, jana, "Suchen", ALIAS)
    await jana.tap(f"„{ALIAS}“ neu anlegen")
    await jana.type("Geburtsjahr", "2009")
    await jana.tap("Anlegen und wählen")
    await jana.expect_checked(ALIAS)
    await write(day, jana, "Notiz", f"Sucht ein Praktikum, {OTHER_NOTE}.")
    await write(day, jana, "Nächster Schritt", f"{STEP} vereinbaren")
    await jana.tap("Morgen")
    await jana.tap("Speichern", "button")
    await jana.sees(f"Gespeichert: {OTHER_PLACE}")
    await jana.sees(waits(4))  # with the person, the encounter and the next step

    await jana.tap("Erfassen")
    await write(day, jana, "Notiz", f"Später mehr, {DRAFT}.")
    await jana.sees("Entwurf gesichert")
    await jana.tap("Schließen, der Entwurf bleibt")
    await jana.sees("Entwürfe")


async def leave_and_come_back(day: Day, jana: Person) -> None:
    """Still without network: locked, nothing to read; unlocked, everything is there."""
    await jana.picture(PICTURES / "offline.png")
    await jana.tap("Sperren")
    await jana.tap("Weiter")
    await jana.sees("Wer arbeitet?")
    assert not [word for word in TYPED if await jana.reads(word)]
    assert day.town.jana.profile.locked
    await unlock(jana, day.town.jana)
    await jana.sees(waits(4))
    await jana.tap(re.compile("^Begegnung von"))
    await jana.sees("Entwurf verwerfen")
    await jana.holds("Notiz", f"Später mehr, {DRAFT}.")
    await jana.tap("Schließen, der Entwurf bleibt")
    await jana.tap("Mehr")
    await jana.tap("Begegnungen")
    await jana.tap(re.compile(PLACE))
    await jana.sees(f"Will ins Handwerk, {NOTE}.")
    await jana.tap(re.compile(OTHER_PLACE))
    await jana.sees(f"Sucht ein Praktikum, {OTHER_NOTE}.")
    await jana.tap("Heute")


async def told(profile: Profile, record: str) -> list[object]:
    """What happened to an encounter, as this device knows it; only which of the devices is this one differs."""
    return [replace(row, here=False) for row in await profile.ask(history.rows, "encounter", record)]


async def counted(profile: Profile) -> int:
    return (await profile.ask(encounters.lines)).total


async def ask_back(day: Day, sabine: Person) -> None:
    """Both are there, whole, the older one first."""
    await sabine.sees("2 Begegnungen warten")
    await sabine.tap("Prüfen, 2 offen")
    await sabine.sees(PLACE)
    await sabine.sees(OTHER_PLACE)
    first, second = await sabine.node(PLACE), await sabine.node(OTHER_PLACE)
    assert first.y < second.y
    await sabine.tap(re.compile(PLACE))
    await sabine.sees(f"Will ins Handwerk, {NOTE}.")
    await sabine.tap(re.compile(OTHER_PLACE))
    for part in (f"Sucht ein Praktikum, {OTHER_NOTE}.", ALIAS, f"{STEP} vereinbaren"):
        await sabine.sees(part)
    theirs, ours = day.town.jana.profile, day.town.sabine.profile
    for line in (await theirs.ask(encounters.lines)).lines:
        assert await told(ours, line.id) == await told(theirs, line.id)
    await write(day, sabine, "Rückfrage oder Hinweis", f"War das ein Erstkontakt? {COMMENT}")
    await sabine.picture(PICTURES / "review.png")
    await sabine.tap("Nachfragen", "button")
    await sabine.sees("Rückfrage gestellt.")


async def answer(day: Day, jana: Person) -> None:
    await jana.sees("Sabine Wolf fragt")
    await jana.sees(COMMENT)
    await jana.tap("Antworten")
    await write(day, jana, "Antwort", f"Ja, zum ersten Mal. {ANSWER}")
    await jana.tap("Antwort geben")
    await jana.sees("Antwort gespeichert")
    await jana.sees_not("Sabine Wolf fragt")
    await jana.sees(ALL_THERE)


async def approve(day: Day, sabine: Person) -> None:
    await sabine.tap("Heute")
    await sabine.tap(re.compile("^Jana Keller hat geantwortet"))
    await sabine.sees(ANSWER)
    await sabine.tap("Freigeben", "button")
    await sabine.sees("Freigegeben.")
    await sabine.tap(re.compile("^Prüfen, 1 offen"))
    await sabine.tap(re.compile(PLACE))
    await sabine.sees(NOTE)
    await sabine.tap("Freigeben", "button")
    await sabine.sees("Alles geprüft")


async def look_up(aylin: Person) -> None:
    await aylin.tap("Menschen")
    await aylin.tap(re.compile(r"^Alle( |$)"))
    await aylin.tap(re.compile(ALIAS))
    await aylin.sees(f"{STEP} vereinbaren")
    await aylin.picture(PICTURES / "person.png")


async def open_note(person: Person) -> None:
    """From the file of the one they both know to the note, as a form."""
    await person.tap("Menschen")
    await person.tap(re.compile(r"^Alle( |$)"))
    await person.tap(re.compile(ALIAS))
    await person.tap(re.compile(f"^{OTHER_PLACE}"), "button")
    await person.tap("Mehr zu dieser Begegnung")
    await person.tap("Bearbeiten")
    await person.sees("Notiz")


async def both_change(day: Day, jana: Person, aylin: Person) -> None:
    """The same note, one without network, one with: nothing is overwritten, they are asked, and both agree."""
    here = day.town
    here.cut.switch(False)
    for person, words in ((jana, HERS), (aylin, THEIRS)):
        await open_note(person)
        await write(day, person, "Notiz", f"Sucht ein Praktikum, {OTHER_NOTE}. Probetag: {words}.")
        await person.tap("Speichern", "button")
        await person.sees("Änderung gespeichert")
    await jana.tap("Heute")
    await jana.sees(waits(1))
    await aylin.sees_not("wartet")
    here.cut.switch(True)
    await jana.sees("Zwei Fassungen")
    await jana.tap(re.compile(f"^Begegnung.*{OTHER_PLACE}"), "button")
    for words in (HERS, THEIRS):
        await jana.sees(words)
    await jana.picture(PICTURES / "two-versions.png")
    await jana.tap("Beide aneinanderhängen")
    await jana.tap("Eigene Fassung nehmen", "button")
    await jana.sees("Alles geklärt")
    for words in (HERS, THEIRS):
        await aylin.sees(words)


# -- nothing of it can be read -----------------------------------------------------------------------------------------


def disguises(word: str) -> set[bytes]:
    """A word as it may lie in a file: UTF-8, UTF-16, percent-encoded, escaped, base64 at any offset."""
    plain = word.encode()
    found = {plain, word.encode("utf-16-le"), word.encode("utf-16-be"), word.replace(" ", "%20").encode()}
    found.add(word.encode("unicode_escape"))
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + plain)
        found.add(whole[4 if lead else 0 : -4])
    return found


NEEDLES = {needle: word for word in MARKERS for needle in disguises(word)}


def readable(content: bytes) -> set[str]:
    return {word for needle, word in NEEDLES.items() if needle in content}


def files(place: Path) -> Iterable[Path]:
    return (path for path in sorted(place.rglob("*")) if path.is_file() and not path.is_symlink())


async def test_the_scan_finds_what_lies_open(tmp_path: Path) -> None:
    """Otherwise it would find nothing because it cannot find anything."""
    for number, content in enumerate(
        (NOTE.encode(), NOTE.encode("utf-16-le"), base64.b64encode(f"ab {NOTE}".encode()))
    ):
        (tmp_path / str(number)).write_bytes(b"\0\1 " + content + b"\xff")
    assert [readable(path.read_bytes()) for path in files(tmp_path)] == [{NOTE}] * 3


async def test_nothing_they_wrote_can_be_read_anywhere(day: Day) -> None:
    assert day.lived, "the day before this was not lived to its end"
    here, place = day.town, day.place
    for home in (seat.home for seat in here.seats):
        assert sum(path.stat().st_size for path in files(home)) > 10_000
    assert any((place / "server" / "data").iterdir())
    assert here.server.log.stat().st_size > 0
    looked_at = list(files(place))
    assert here.server.log in looked_at
    assert {str(path.relative_to(place)): words for path in looked_at if (words := readable(path.read_bytes()))} == {}
    sent, answered = (b"".join(map(bytes, way)) for way in (here.wire.sent, here.wire.answered))
    assert min(len(sent), len(answered)) > 10_000
    assert b"POST " in sent, "the wire was looked at in clear: there is no TLS that would hide it from this test"
    assert b"content-encoding" not in sent.lower(), "nothing is packed, so that words would be seen"
    assert (readable(sent), readable(answered)) == (set(), set())
