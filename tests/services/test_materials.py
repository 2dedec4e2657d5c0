"""Materials: found by topic, read without network, with a newer version for everybody."""

from __future__ import annotations

from datetime import timedelta

from goes_mobile.services import attachments, entries, materials
from tests.services.team import Member, Team

FIRST, SECOND = b"Erste Fassung", b"Zweite Fassung"


def titles(member: Member, text: str = "", topic: str | None = None) -> list[str]:
    return [line.title for line in member.ask(materials.library, text, topic).lines]


def test_a_file_becomes_a_material_and_a_newer_one_takes_its_place(jana: Member, aylin: Member, team: Team) -> None:
    made = jana.made(materials.add, attachments.prepare("Ordner_Schulabsentismus.txt", FIRST))
    jana.do(entries.change, "material", made, {"topics": ["absenteeism"], "kind": "guide"})
    team.everyone_syncs()
    line = aylin.ask(materials.detail, made)
    assert (line.title, line.media_type, line.size) == ("Ordner Schulabsentismus", "text/plain", len(FIRST))
    assert titles(aylin, topic="absenteeism") == ["Ordner Schulabsentismus"]
    assert titles(aylin, "schwaenzen") == []
    assert jana.ask(materials.content, made) == FIRST
    jana.do(materials.replace_file, made, attachments.prepare("neu.txt", SECOND))
    assert jana.ask(materials.content, made) == SECOND
    assert jana.ask(materials.detail, made).title == "Ordner Schulabsentismus"


def test_pinned_ones_come_first_and_what_is_over_last(jana: Member) -> None:
    before = titles(jana)
    assert before, "the county's materials come with it"
    today = jana.ask(lambda desk: desk.today)
    old = {"title": "Aaa alt", "valid_until": today - timedelta(days=1), "pinned": True}
    jana.made(entries.create, "material", None, old)
    pinned = jana.made(entries.create, "material", None, {"title": "Zzz wichtig", "text": "Notruf 112"})
    jana.do(materials.pin, pinned, True)
    assert titles(jana) == ["Zzz wichtig", *before, "Aaa alt"]
    jana.do(materials.pin, pinned, False)
    assert titles(jana) == [*before, "Zzz wichtig", "Aaa alt"]
    assert titles(jana, "notruf") == ["Zzz wichtig"]
