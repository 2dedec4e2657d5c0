"""Zusammenführen: who is offered, what is compared, and that undo leaves no trace."""

from __future__ import annotations

from goes_mobile.services import people
from goes_mobile.state.deletion import DeletionForm
from goes_mobile.state.merging import Merging, join, part, take_out
from goes_mobile.state.people import PersonFile
from tests.state.team import Team


async def _person(team: Team, alias: str) -> str:
    [saved] = await team.admin.app.do(people.create, people.PersonForm(alias, 2009))
    return saved.id


async def test_two_files_become_one_and_two_again(team: Team):
    app = team.admin.app
    falke, falcke, luna = [await _person(team, alias) for alias in ("Falke", "Falcke", "Luna")]
    view = Merging(app, falke)
    await view.reload()
    assert [line.id for line in view.found or []] == [falcke]
    await view.search("Lun")
    assert [line.id for line in view.found or []] == [luna]
    await view.choose(luna)
    assert view.one is not None
    assert view.other is not None
    assert (view.one.alias, view.other.alias, view.error) == ("Falke", "Luna", "")
    assert view.one.words["birth_year"] == view.other.words["birth_year"] == "2009"
    said = await view.merge()
    assert said
    assert await view.merge() == []
    assert view.error == "same_already"

    file, asked = PersonFile(app, luna), DeletionForm(app, "young_person", falke)
    await file.reload()
    await asked.reload()
    assert file.view is not None
    older, younger = sorted([(falke, "Falke"), (luna, "Luna")])
    assert (file.view.alias, [one.facts.alias for one in file.view.merged]) == (older[1], [younger[1]])
    assert len(asked.others) == 1
    await part(app, said)
    await file.reload()
    assert (file.view.alias, file.view.merged) == ("Luna", [])
    await join(app, said)
    again = await take_out(app, luna)
    assert again == said
    await file.reload()
    assert file.view.alias == "Luna"
