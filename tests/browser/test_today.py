"""A day from its first look to its end: who may get lost, what is expected, where the tour goes, what is left."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from goes_mobile.services import entries, organisation, people
from goes_mobile.services.desk import BERLIN
from goes_mobile.services.people import PersonForm
from tests.browser.harness import People, Person
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/today")


async def worries(office: Office) -> None:
    """Somebody for most of the reasons, all with Jana."""
    jana = office.jana
    now = datetime.fromtimestamp(office.team.clock() / 1000, UTC)
    day = now.astimezone(BERLIN).date()
    partner = await jana.set("partner", name="Jobcenter")
    told = [("Adler", 52, day + timedelta(days=9)), ("Biber", 3, None), ("Dachs", 4, day - timedelta(days=2))]
    for alias, weeks_ago, step in told:
        person = await jana.do(people.create, PersonForm(alias))
        starts = day - timedelta(days=weeks_ago)
        await jana.set("case", person=person, starts=starts, coach=jana.member)
        if step:
            await jana.set("task", title="Lebenslauf ansehen", due=step, assignee=jana.member, person=person)
    sent = await jana.do(people.create, PersonForm("Elster"))
    await jana.set("referral", person=sent, partner=partner, sent_on=day - timedelta(days=16))
    await jana.set("appointment", what="Hilfeplangespräch", at=now - timedelta(minutes=2), place="Jugendamt")
    weekday = str(day.isoweekday())
    stop = (await jana.ask(organisation.stops))[0].id
    told = {"stop": stop, "arrives": time(14), "leaves": time(15)}
    plan = {"name": "Neckartal", "weekdays": [weekday], "team": [jana.member], "stops": [told], "active": True}
    await jana.do(entries.create, "tour_plan", None, plan)
    gone = await jana.do(people.create, PersonForm("Fink"))
    ended = day - timedelta(days=30)
    await jana.set("case", person=gone, starts=ended, ends=ended, state="closed", coach=jana.member)


@pytest.fixture
async def morning(founded: Office) -> Office:
    await founded.work()
    await worries(founded)
    await founded.set_out()
    await founded.lock()
    return founded


async def fits(person: Person, name: str) -> None:
    await person.fits(PICTURES / f"{name}.png")


async def test_a_day(morning: Office, staff: People) -> None:
    with morning.served(morning.jana) as url:
        jana = await staff.sit_down(url, size="phone")
        await jana.unlock(SECRET)
        await jana.sees("Niemand geht verloren")
        await jana.sees("Seit 7 Wochen kein Kontakt")
        await fits(jana, "lost-phone")
        await jana.tap("Erreicht")
        await jana.sees("Kontakt mit Adler notiert")
        await jana.sees_not("Seit 7 Wochen kein Kontakt")
        await jana.tap("Alle 4")
        await jana.sees("Jobcenter: Ankunft seit 16 Tagen offen")
        await jana.tap("Erklären")
        await jana.sees("Bis wann?")
        await jana.tap("Pause vereinbart")
        await jana.tap("2 Wochen")
        await fits(jana, "explain-phone")
        await jana.tap("Speichern")
        await jana.sees("Erklärt")
        await jana.tap("Zurück")
        await jana.sees("Hilfeplangespräch")
        await fits(jana, "today-appointments")
        await jana.tap("Wahrgenommen")
        await jana.sees("Wahrgenommen notiert")
        await jana.tap("Mehr")
        await jana.tap(re.compile("^Termine"))
        await jana.sees("Hilfeplangespräch")
        await fits(jana, "appointments-phone")

        await jana.tap("Einsatz")
        await jana.tap("Einsatz beenden")
        await jana.sees("Tagesabschluss")
        await jana.sees("2 Halte nicht angefahren")
        await fits(jana, "day-end-phone")
        await jana.tap("Auslassen")
        await jana.sees_not("2 Halte nicht angefahren")
        await jana.tap("Zurück")
        await jana.tap(re.compile("^Tourpläne"))
        await jana.sees("Neckartal")
        await fits(jana, "tours-phone")
