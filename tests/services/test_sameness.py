"""One young person's files, shown as one: nothing is moved, and two devices that merge apart end alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import (
    capture,
    consents,
    deletion,
    disclosure,
    people,
    person_file,
    retention,
    sameness,
    scripting,
    sharing,
    tasks,
)
from goes_mobile.services.desk import Desk
from goes_mobile.store.change import Change
from tests.services.team import MOBILE, OFFICE, Member, Team


def person(member: Member, alias: str, birth_year: int | None = None) -> str:
    return member.made(people.create, people.PersonForm(alias, birth_year))


def merge(desk: Desk, one: str, other: str) -> list[Change]:
    return sameness.join(desk, sameness.pairs(desk, one, other))


def apart(desk: Desk, one: str) -> list[Change]:
    return sameness.part(desk, sameness.edges(desk, one))


def met(member: Member, who: str, note: str) -> str:
    draft = member.ask(capture.new_draft, who)
    draft.note = note
    return member.made(capture.save, draft)


def notes(member: Member, who: str) -> set[str]:
    return {item.text for item in member.ask(person_file.detail, who).timeline if item.kind == "encounter"}


def test_merged_files_are_one_and_each_keeps_what_lies_in_it(jana: Member, team: Team) -> None:
    falke = person(jana, "Falke", 2008)
    team.tick()
    luna = person(jana, "Luna", 2008)
    met(jana, falke, "am Bahnhof")
    met(jana, luna, "im Jugendhaus")
    jana.do(tasks.create, tasks.TaskForm("Anrufen", person=luna))
    jana.do(consents.give, luna, consents.ConsentForm(guardian="Vater"))
    jana.do(people.change, luna, {"given_name": "Arber", "phone": "0171 2345678"})
    jana.do(merge, luna, falke)

    [line] = jana.ask(people.lines).lines
    assert (line.id, line.alias, line.open_tasks) == (falke, "Falke", 1)
    assert [found.id for found in jana.ask(people.find, "Luna")] == [falke]
    assert [found.id for found in jana.ask(people.find, "Arber")] == [falke]
    assert notes(jana, falke) == notes(jana, luna) == {"am Bahnhof", "im Jugendhaus"}
    seen = jana.ask(person_file.detail, falke)
    assert ([task.title for task in seen.tasks], len(seen.consents)) == (["Anrufen"], 1)
    # What Luna's consent opens is shown as hers; Falke's own fields stay closed.
    assert (seen.given_name, seen.consent_until, "given_name" in seen.closed) == ("", None, True)
    [other] = seen.merged
    assert (other.facts.alias, other.facts.words["given_name"], other.since) == ("Luna", "Arber", date(2026, 11, 23))
    assert other.by is not None
    with pytest.raises(InputRefused):
        jana.ask(people.change, falke, {"given_name": "Arber"})

    met(jana, luna, "später")
    assert notes(jana, falke) == {"am Bahnhof", "im Jugendhaus", "später"}
    jana.do(apart, falke)
    assert notes(jana, falke) == {"am Bahnhof"}
    assert notes(jana, luna) == {"im Jugendhaus", "später"}
    assert {line.id for line in jana.ask(people.lines).lines} == {falke, luna}
    assert jana.ask(person_file.detail, luna).given_name == "Arber"
    assert jana.ask(person_file.detail, luna).merged == []


def test_a_into_b_here_and_b_into_a_there_is_one_without_a_question(jana: Member, aylin: Member, team: Team) -> None:
    falke, luna, mika = person(jana, "Falke"), person(jana, "Luna"), person(jana, "Mika")
    team.everyone_syncs()
    jana.do(merge, falke, luna)
    jana.do(merge, falke, mika)
    aylin.do(merge, luna, falke)
    aylin.do(merge, mika, luna)
    team.everyone_syncs()
    for member in (jana, aylin):
        assert member.ask(sameness.ids, mika) == tuple(sorted([falke, luna, mika]))
        assert [line.id for line in member.ask(people.lines, "all").lines] == [min(falke, luna, mika)]
        assert not any(member.ask(person_file.detail, who).conflicts for who in (falke, luna, mika))
        assert len(member.ask(people.similar, "Falke")) == 1


def test_who_said_all_are_one_still_says_so_of_the_rest(jana: Member) -> None:
    falke, luna, mika = person(jana, "Falke"), person(jana, "Luna"), person(jana, "Mika")
    jana.do(merge, falke, luna)
    jana.do(merge, luna, mika)
    jana.do(apart, falke)
    assert jana.ask(sameness.ids, falke) == (falke,)
    assert jana.ask(sameness.ids, luna) == tuple(sorted([luna, mika]))


def test_a_file_that_others_read_too_is_not_merged(jana: Member, tom: Member, sabine: Member, team: Team) -> None:
    falke, luna, theirs = person(jana, "Falke"), person(jana, "Luna"), person(tom, "Mika")
    jana.do(sharing.offer, falke, sharing.OfferForm(to=OFFICE, agreed=True, guardian="Vater"))
    team.everyone_syncs()
    for one, other, code in ((luna, falke, "file_is_shared"), (luna, luna, "same_already"), (luna, theirs, None)):
        with pytest.raises(InputRefused) as refused:
            jana.ask(merge, one, other)
        assert refused.value.code == (code or "unknown_record")
    with pytest.raises(InputRefused) as by_hand:
        jana.ask(scripting.changed, "young_person", luna, {"same_as": [falke]})
    assert by_hand.value.code == "file_is_shared"
    sabine.do(merge, luna, theirs)  # she works at both sites
    with pytest.raises(InputRefused) as offered:
        sabine.ask(sharing.offer, luna, sharing.OfferForm(to=OFFICE, agreed=True, guardian="Vater"))
    assert offered.value.code == "file_is_merged"
    team.everyone_syncs()
    assert [line.id for line in jana.ask(people.lines).lines if line.alias == "Luna"] == [luna]
    with pytest.raises(InputRefused) as itself:
        jana.ask(scripting.changed, "young_person", luna, {"same_as": [luna]})
    assert itself.value.code == "same_file"


def test_deleting_somebody_means_all_of_their_files(jana: Member, sabine: Member, team: Team) -> None:
    falke, luna, mika = person(jana, "Falke"), person(jana, "Luna"), person(jana, "Mika")
    jana.do(merge, falke, luna)
    jana.do(deletion.request, "young_person", luna, "by_request")
    assert len(jana.ask(deletion.propose, "young_person", luna, "by_request")) == 2
    team.everyone_syncs()
    for line in sabine.ask(deletion.lines):
        assert not line.refusal
        sabine.store.orders.release(line.id)
    team.everyone_syncs()
    assert [line.id for line in jana.ask(people.lines, "all").lines] == [mika]


def test_one_person_is_told_and_kept_as_one(jana: Member, sabine: Member, team: Team) -> None:
    old = person(jana, "Falke")
    team.tick(int(timedelta(days=1500).total_seconds() * 1000))
    new = person(jana, "Luna")
    met(jana, new, "gerade erst")
    assert {line.id for line in jana.ask(retention.calendar) if line.kind == "young_person"} == {old}
    jana.do(merge, old, new)
    assert [line for line in jana.ask(retention.calendar) if line.kind == "young_person"] == []
    team.everyone_syncs()
    told = sabine.ask(disclosure.of_person, old)
    assert {record.title for record in told.records if record.kind == "young_person"} == {"Falke", "Luna"}
    assert any(record.kind == "encounter" for record in told.records)


STEPS = st.lists(
    st.tuples(st.sampled_from("jt"), st.sampled_from(["merge", "apart", "sync"]), st.integers(0, 3), st.integers(0, 3)),
    min_size=1, max_size=14,
)  # fmt: skip


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Team, Member, Member]]:
    team = Team(Path(tmp_path_factory.mktemp("two")))
    yield team, team.enrol("Jana Keller", "outreach", MOBILE), team.enrol("Aylin Yıldız", "outreach", MOBILE)
    team.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_of_merging_and_separating_ends_alike(
    two: tuple[Team, Member, Member], steps: list[tuple[str, str, int, int]]
) -> None:
    team, jana, aylin = two
    files = [person(jana, f"Nummer {n}") for n in range(4)]
    team.everyone_syncs()
    for who, what, one, other in steps:
        member = jana if who == "j" else aylin
        if what == "sync":
            member.sync()
        elif what == "apart":
            member.do(apart, files[one])
        elif files[other] not in member.ask(sameness.ids, files[one]):
            member.do(merge, files[one], files[other])
    team.everyone_syncs()
    seen = [[member.ask(sameness.ids, file) for file in files] for member in (jana, aylin)]
    assert seen[0] == seen[1]
    for file, group in zip(files, seen[0], strict=True):
        assert file in group
        assert [seen[0][files.index(other)] for other in group] == [group] * len(group)
    assert not jana.store.conflicts()
