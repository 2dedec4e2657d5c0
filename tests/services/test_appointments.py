"""Termine: whose they are, whether they came, and what a calendar is told of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.services import appointments, calendar, people
from goes_mobile.services.calendar import Event
from goes_mobile.services.people import PersonForm
from goes_mobile.store.change import Change
from tests.services.team import MOBILE, Member, Team

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def made(member: Member, **values: Any) -> str:
    told = {"site": MOBILE, "at": AT, "member": member.ask(lambda desk: desk.me.member), **values}
    return member.made(lambda desk: [Change("appointment", desk.new_id(), told)])


def test_today_and_tomorrow_are_mine_until_it_is_said_whether_they_came(
    jana: Member, aylin: Member, team: Team
) -> None:
    tomorrow = made(jana, what="Beratung")
    made(jana, what="Praktikum", at=AT + timedelta(days=1))
    team.everyone_syncs()
    assert [[line.what for line in one.ask(appointments.soon)] for one in (jana, aylin)] == [["Beratung"], []]
    assert [line.what for line in aylin.ask(appointments.lines, "site")] == ["Beratung", "Praktikum"]
    team.tick(3 * 24 * 60 * 60 * 1000)
    jana.do(appointments.keep, tomorrow, True)
    [other] = jana.ask(appointments.soon)
    assert (other.what, other.over, other.kept) == ("Praktikum", True, None), "nobody has said anything of it yet"
    jana.do(appointments.keep, other.id, False)
    assert jana.ask(appointments.soon) == []


def test_a_calendar_knows_an_alias_or_nothing(jana: Member) -> None:
    person = jana.made(people.create, PersonForm(alias="Falke"))
    one = made(jana, what="Beratung, Jobcenter", person=person, place="Zimmer 4")
    made(jana, what="Anderes", at=AT - timedelta(days=1))
    told = jana.ask(appointments.file).decode()
    assert ("SUMMARY:Beratung\\, Jobcenter (Falke)" in told, "LOCATION:Zimmer 4" in told) == (True, True)
    assert (told.count("BEGIN:VEVENT"), f"UID:{one}@goes-mobil" in told) == (1, True), "what is over is not in it"
    silent = jana.ask(appointments.file, [one], alias=False).decode()
    assert "DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\nSUMMARY:Termin\r\n" in silent
    assert not any(word in silent for word in ("Falke", "Beratung", "Zimmer"))


@given(st.text(st.characters(codec="utf-8")), st.text())
def test_whatever_is_written_the_file_can_be_read_again(title: str, place: str) -> None:
    raw = calendar.write([Event("1", AT, AT, title, place, 60, title)], AT)
    assert max(len(line) for line in raw.split(b"\r\n")) <= calendar.WIDTH
    assert b"\r" not in raw.replace(b"\r\n", b"")
    names = [line.partition(":")[0] for line in raw.decode().replace("\r\n ", "").split("\r\n")]
    assert set(names) <= {
        "BEGIN", "VERSION", "PRODID", "CALSCALE", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "LOCATION",
        "ACTION", "TRIGGER", "DESCRIPTION", "END", "",
    }  # fmt: skip
    unfolded = raw.decode().replace("\r\n ", "")
    [summary] = [line.removeprefix("SUMMARY:") for line in unfolded.split("\r\n") if line.startswith("SUMMARY:")]
    plain = summary.replace("\\\\", "\0").replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",")
    signs = ("".join(sign for sign in line if sign >= " " and sign != "\x7f") for line in title.splitlines())
    assert plain.replace("\0", "\\") == "\n".join(signs)
