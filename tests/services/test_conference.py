"""A case conference: what was agreed becomes a task, once."""

from __future__ import annotations

from datetime import date

from goes_mobile.services import entries, people, tasks
from goes_mobile.services.people import PersonForm
from tests.services.team import Member, Team


def planned(member: Member, person: str) -> list[tuple[str, date | None]]:
    return sorted((line.title, line.due) for line in member.ask(tasks.lines, "all", person))


def test_what_was_agreed_becomes_a_task_once(jana: Member, team: Team) -> None:
    falke = jana.made(people.create, PersonForm(alias="Falke"))
    first, second = jana.ask(lambda desk: desk.new_id()), jana.ask(lambda desk: desk.new_id())
    agreed = {first: {"what": "Platz im BVJ anfragen", "responsible": "Frau Maier, Schule", "due": date(2026, 12, 1)}}
    now = jana.ask(lambda desk: desk.now)
    made = jana.made(
        entries.create, "case_conference", falke, {"at": now, "occasion": "Rückkehr", "agreements": agreed}
    )
    school = ("Frau Maier, Schule: Platz im BVJ anfragen", date(2026, 12, 1))
    assert planned(jana, falke) == [school]
    (line,) = jana.ask(tasks.lines, "all", falke)
    agreed[second] = {"what": "Wieder anrufen"}
    jana.do(entries.change, "case_conference", made, {"agreements": agreed, "minutes_text": "Alle einig."})
    assert planned(jana, falke) == [school, ("Wieder anrufen", None)]
    jana.do(tasks.done, line.id)
    jana.do(entries.change, "case_conference", made, {"minutes_text": "Alle waren einig."})
    assert planned(jana, falke) == [("Wieder anrufen", None)], "what is done does not come back"
