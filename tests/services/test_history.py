"""Who, when, what; and two versions that both stay until somebody decides."""

from __future__ import annotations

import pytest

from goes_mobile.services import capture, conflicts, encounters, history
from tests.services.team import Member, Team


def noted(member: Member, **values: object) -> str:
    draft = member.ask(capture.new_draft)
    for name, value in values.items():
        setattr(draft, name, value)
    member.do(capture.save, draft)
    return draft.id


def corrected(member: Member, record: str, **values: object) -> None:
    draft = member.ask(capture.correction, record)
    for name, value in values.items():
        setattr(draft, name, value)
    member.do(capture.save, draft)


def apart(jana: Member, aylin: Member, team: Team, here: dict[str, object], there: dict[str, object]) -> str:
    """A record that both change without knowing of each other."""
    record = noted(jana, note="Luna hat die Zusage. Sie freut sich.", minutes=10)
    team.everyone_syncs()
    corrected(jana, record, **here)
    corrected(aylin, record, **there)
    team.everyone_syncs()
    return record


def test_the_history_speaks_of_fields_in_words(jana: Member) -> None:
    record = noted(jana, note="Erst.", topics=["housing"], place="street")
    corrected(jana, record, note="Dann.", topics=["housing", "debts"])
    jana.do(encounters.delete, record)
    jana.do(encounters.restore, record)
    rows = jana.ask(history.rows, "encounter", record)
    assert [row.sort for row in rows] == ["restored", "deleted", "changed", "made"]
    assert all(row.who is not None and row.who.name == "Jana Keller" and row.here for row in rows)
    changed = {change.label: (change.old, change.new) for change in rows[2].changes}
    assert changed == {"Notiz": ("Erst.", "Dann."), "Themen": ("", "Schulden")}
    made = {change.label: change.new for change in rows[3].changes}
    assert made["Ort"] == "Straße, Platz"
    assert made["Beginn"].startswith("23.11.2026 15:")


def test_both_versions_are_on_the_card(jana: Member, aylin: Member, team: Team) -> None:
    record = apart(jana, aylin, team, {"note": "Luna hat die Zusage. Probetag am Montag."},
                   {"note": "Luna hat die Zusage. Probetag am Mittwoch."})  # fmt: skip
    assert [(line.id, line.fields) for line in jana.ask(conflicts.all_open)] == [(record, 1)]
    card = jana.ask(conflicts.card, "encounter", record)
    (note,) = card.open
    assert (note.label, note.joinable, note.multiline) == ("Notiz", True, True)
    assert {(v.who and v.who.name, v.here) for v in note.versions} == {("Jana Keller", True), ("Aylin Yıldız", False)}
    marked = {piece.text.strip() for version in note.versions for piece in version.pieces if piece.differs}
    assert marked == {"Probetag am Montag.", "Probetag am Mittwoch."}


@pytest.mark.parametrize("how", ["take", "join", "own"])
def test_deciding_ends_it_on_every_device(jana: Member, aylin: Member, team: Team, how: str) -> None:
    record = apart(jana, aylin, team, {"note": "Zusage. Montag."}, {"note": "Zusage. Mittwoch. Karte da."})
    card = aylin.ask(conflicts.card, "encounter", record)
    montag = next(version for version in card.open[0].versions if "Montag" in str(version.value))
    if how == "take":
        aylin.do(conflicts.take, "encounter", record, "note", montag.op, card.base)
        wanted = "Zusage. Montag."
    elif how == "join":
        aylin.do(conflicts.join, "encounter", record, "note", card.base)
        wanted = card.open[0].joined
        assert sorted(wanted.replace("\n", " ").split()) == sorted(["Zusage.", "Montag.", "Mittwoch.", "Karte", "da."])
    else:
        aylin.do(conflicts.write_own, "encounter", record, "note", "Zusage, Tag offen.", card.base)
        wanted = "Zusage, Tag offen."
    team.everyone_syncs()
    for member in (jana, aylin):
        assert member.ask(conflicts.all_open) == []
        assert member.ask(encounters.detail, record).note == wanted
        settled = member.ask(conflicts.card, "encounter", record).settled
        assert [(s.label, s.by and s.by.name) for s in settled] == [("Notiz", "Aylin Yıldız")]


def test_a_third_version_arriving_meanwhile_is_not_lost(
    jana: Member, aylin: Member, sabine: Member, team: Team
) -> None:
    record = noted(jana, note="Am Anfang.")
    team.everyone_syncs()
    corrected(sabine, record, note="Von Sabine.")
    corrected(jana, record, note="Von Jana.")
    corrected(aylin, record, note="Von Aylin.")
    for _ in range(2):
        jana.sync()
        aylin.sync()
    card = jana.ask(conflicts.card, "encounter", record)
    assert len(card.open[0].versions) == 2
    team.everyone_syncs()
    jana.do(conflicts.take, "encounter", record, "note", card.open[0].versions[0].op, card.base)
    still = jana.ask(conflicts.card, "encounter", record).open[0].versions
    assert "Von Sabine." in {version.value for version in still}


def test_deleted_here_and_changed_there_is_a_question(jana: Member, aylin: Member, team: Team) -> None:
    record = noted(jana, note="Am Anfang.")
    team.everyone_syncs()
    jana.do(encounters.delete, record)
    corrected(aylin, record, note="Noch wichtig.")
    team.everyone_syncs()
    card = jana.ask(conflicts.card, "encounter", record)
    assert [field.deletion for field in card.open] == [True]
    assert not jana.ask(encounters.detail, record).deleted
    keep = next(version for version in card.open[0].versions if version.value is False)
    jana.do(conflicts.take, "encounter", record, "deleted", keep.op, card.base)
    team.everyone_syncs()
    assert aylin.ask(conflicts.all_open) == []
    assert aylin.ask(encounters.detail, record).note == "Noch wichtig."


def test_sentences_both_share_stand_once() -> None:
    assert conflicts.joined(["A. B.", "A. C.", "A. B."]) == "A. B.\nC."
    assert conflicts.joined(["", "C."]) == "C."
