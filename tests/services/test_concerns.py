"""Protection concerns: their author and the site's supervisors see them, and they wait until somebody decides."""

from __future__ import annotations

from goes_mobile.services import concerns, entries, people, today
from goes_mobile.services.people import PersonForm
from tests.services.team import Member, Team


def test_a_concern_waits_for_a_supervisor_until_something_is_decided(
    jana: Member, aylin: Member, sabine: Member, team: Team
) -> None:
    falke = jana.made(people.create, PersonForm(alias="Falke"))
    team.everyone_syncs()
    calm = jana.made(entries.create, "protection_concern", falke, {"signs": "Müde.", "urgency": "watch", "at": jana.ask(
        lambda desk: desk.now)})  # fmt: skip
    made = jana.made(entries.create, "protection_concern", falke, {"signs": "Blaue Flecken.", "urgency": "now", "at":
        jana.ask(lambda desk: desk.now)})  # fmt: skip
    team.everyone_syncs()
    waiting = sabine.ask(today.overview).concerns
    assert [line.id for line in waiting] == [made, calm], "the most urgent first"
    assert waiting[0].person is not None
    assert (waiting[0].person.name, waiting[0].decided) == ("Falke", False)
    assert jana.ask(today.overview).concerns == [], "whoever reported it waits for the supervisor"
    assert {line.id for line in jana.ask(concerns.lines)} == {made, calm}
    assert aylin.ask(concerns.lines) == [], "no colleague reads it"
    sabine.do(entries.change, "protection_concern", made, {"decided": "Gespräch mit der Mutter, heute."})
    assert [line.id for line in sabine.ask(today.overview).concerns] == [calm]
    assert [line.decided for line in sabine.ask(concerns.lines) if line.id == made] == [True]
