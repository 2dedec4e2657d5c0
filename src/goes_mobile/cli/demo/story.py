"""Half a year of work, written by the same services as on the screens and exchanged through the real server."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from goes_mobile.cli.demo import phrases
from goes_mobile.cli.demo.casework import accompany
from goes_mobile.cli.demo.invented import Youth, fill_group, fill_single, saved, young_people
from goes_mobile.cli.demo.timetravel import Past
from goes_mobile.records.presets import Preset
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import capture, consent_texts, consents, encounters, outing, people, review, tasks
from goes_mobile.services.desk import BERLIN, Desk
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change

WEEKS = 26
ON_THE_ROAD = 0.58
"""The share of encounters that happen outside."""
SYNC_EVERY = 10
"""Workdays between two rounds of everybody."""
OPEN_REVIEWS = 12
MOST_CASES = 5
"""Young people at each site who are accompanied; the others are met."""
Told = Callable[[int], None]
Sync = Callable[[], Awaitable[None]]


@dataclass
class Story:
    """``team``: the profiles by the keys of :func:`goes_mobile.cli.demo.invented.staff`, open."""

    county: Preset
    team: dict[str, Profile]
    past: Past
    dice: random.Random
    people: int
    encounters: int
    told: Told
    sync: Sync
    now_ms: int
    young: list[Youth] = field(default_factory=list)
    written: int = 0
    accompanied: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    """At the mobile site, and in the office."""
    stay: int = 70
    """Minutes at a stop."""

    async def tell(self) -> None:
        days = self._workdays()
        self.young = young_people(self.county, self.people, len(days), days[-1], self.dice)
        for number, day in enumerate(days):
            so_far, before = (self.encounters * n / len(days) for n in (number + 1, number))
            on_the_road = round(so_far * ON_THE_ROAD) - round(before * ON_THE_ROAD)
            await self._day_out(number, day, on_the_road)
            await self._day_in_the_office(number, day, round(so_far) - round(before) - on_the_road)
            if number % SYNC_EVERY == SYNC_EVERY - 1:
                await self.sync()
                await self._review(day)
        await self._today()

    def _workdays(self) -> list[date]:
        today = datetime.fromtimestamp(self.now_ms / 1000, BERLIN).date()
        every = [today - timedelta(days=back) for back in range(WEEKS * 7, 0, -1)]
        return [day for day in every if day.weekday() < 5]

    def _at(self, day: date, hour: float) -> None:
        """Time moves forward only."""
        moment = datetime.combine(day, time(), BERLIN) + timedelta(hours=hour)
        self.past.ms = max(self.past.ms + 1000, min(int(moment.timestamp() * 1000), self.now_ms - 3_600_000))

    def _ago(self, minutes: int) -> None:
        """So many minutes before the demo begins; forward only, too."""
        self.past.ms = max(self.past.ms + 1000, self.now_ms - minutes * 60_000)

    # -- outreach ------------------------------------------------------------------------------------------------------

    async def _day_out(self, number: int, day: date, quota: int) -> None:
        """Mondays, Wednesdays and Fridays as an outing, else on foot."""
        who = self.team["colleague" if number % 4 == 3 else "outreach"]
        new = [y for y in self.young if y.mobile and not y.id and y.first_day <= number]
        if day.weekday() in (0, 2, 4) and self.county.stops:
            await self._outing(who, day, quota, new)
        else:
            self._at(day, 15)
            await self._write(who, day, quota, new, on_foot=True)
        await self._tasks(who)
        await self._give_consents(who, mobile=True)

    async def _outing(self, who: Profile, day: date, quota: int, new: list[Youth]) -> None:
        self._at(day, 13.75)
        plan = await who.ask(outing.plan)
        stops = [stop.stop for stop in plan.stops if stop.usual] or [stop.stop for stop in plan.stops]
        stops = stops[: self.dice.randint(2, 4)]
        mate = [m.id for m in plan.team[:1]]
        tour = (await who.do(outing.start, outing.OutingStart(stops=stops, team=mate, vehicle="Bus 1")))[0].id
        visits = (await who.ask(outing.view, tour)).visits
        for index, visit in enumerate(visits):
            self._at(day, 14 + index * 1.4)
            part = quota // len(visits) + (index < quota % len(visits))
            await who.do(outing.arrive, tour, visit.id)
            await self._write(who, day, part, new)
            await who.do(_at_the_stop, tour, visit.id, self.dice.randint(2, 14), self.dice)
        self._at(day, 14 + len(visits) * 1.4)
        await who.do(outing.end, tour)

    async def _write(self, who: Profile, day: date, quota: int, new: list[Youth], on_foot: bool = False) -> None:
        known = await _here(who, [y for y in self.young if y.mobile and y.id])
        chosen = [self._whom(new, known) for _ in range(quota)]

        def plan(desk: Desk) -> list[Change]:
            return saved(desk, [self._outreach_draft(desk, youth, day, on_foot) for youth in chosen])

        await self._wrote(who, plan, quota)

    def _whom(self, new: list[Youth], known: list[Youth]) -> Youth | str | None:
        """Somebody new, somebody known, nobody known, or a group."""
        if new:
            return new.pop(0)
        lot = self.dice.random()
        if lot < 0.2:
            return "group"
        if lot < 0.48 or not known:
            return None
        return self.dice.choices(known, [y.weight for y in known])[0]

    def _outreach_draft(self, desk: Desk, who: Youth | str | None, day: date, on_foot: bool) -> capture.CaptureDraft:
        draft = capture.new_draft(desk)
        draft.at = desk.now + timedelta(minutes=self.dice.randint(0, self.stay))
        if on_foot:
            draft.place, draft.work_form = self.dice.choice(["street", "street", "school", "phone"]), "street_work"
            draft.municipality = self.dice.choice(self.county.municipalities)
        if who == "group":
            fill_group(draft, self.dice)
            return draft
        youth = who if isinstance(who, Youth) else None
        fill_single(draft, self.dice, youth, day)
        self._with(desk, draft, youth)
        return draft

    def _with(self, desk: Desk, draft: capture.CaptureDraft, youth: Youth | None) -> None:
        if youth is None:
            return
        if youth.id:
            capture.add_person(draft, capture.DraftPerson(youth.id, youth.alias))
            return
        person = capture.new_person(desk, youth.alias, youth.birth_year, youth.gender)
        person.municipality = youth.municipality
        youth.id = person.id
        draft.contact_type = "first"
        capture.add_person(draft, person)

    # -- office --------------------------------------------------------------------------------------------------------

    async def _day_in_the_office(self, number: int, day: date, quota: int) -> None:
        who = self.team["office"]
        self._at(day, 17)
        new = [y for y in self.young if not y.mobile and not y.id and y.first_day <= number]
        known = [y for y in self.young if not y.mobile and y.id]
        chosen = [self._visitor(new, known) for _ in range(quota)]

        def plan(desk: Desk) -> list[Change]:
            return saved(desk, [self._office_draft(desk, youth, day) for youth in chosen])

        await self._wrote(who, plan, quota)
        await self._tasks(who)
        await self._give_consents(who, mobile=False)

    def _visitor(self, new: list[Youth], known: list[Youth]) -> Youth | None:
        if new:
            return new.pop(0)
        if not known or self.dice.random() < 0.1:
            return None
        return self.dice.choices(known, [y.weight for y in known])[0]

    def _office_draft(self, desk: Desk, youth: Youth | None, day: date) -> capture.CaptureDraft:
        draft = capture.new_draft(desk)
        draft.at = datetime.combine(day, time(9), BERLIN).astimezone(UTC) + timedelta(minutes=self.dice.randint(0, 450))
        draft.place = self.dice.choices(["office", "phone", "authority", "employer", "online"], [70, 14, 6, 4, 6])[0]
        fill_single(draft, self.dice, youth, day)
        self._with(desk, draft, youth)
        return draft

    # -- what follows --------------------------------------------------------------------------------------------------

    async def _wrote(self, who: Profile, plan: Callable[[Desk], list[Change]], quota: int) -> None:
        if quota > 0:
            await who.do(plan)
            self.written += quota
            self.told(self.written)

    async def _tasks(self, who: Profile) -> None:
        """Most of what is due gets done, now and then with a word."""
        dice = self.dice

        def plan(desk: Desk) -> list[Change]:
            due = [line for line in tasks.due_now(desk) if dice.random() < 0.7]
            return [
                c
                for line in due
                for c in tasks.done(desk, line.id, dice.choice(phrases.DONE) if dice.random() < 0.4 else "")
            ]

        await who.do(plan)

    async def _give_consents(self, who: Profile, mobile: bool) -> None:
        ready = [y for y in self.young if y.id and y.consents and y.mobile == mobile]
        for youth in (await _here(who, ready))[:3]:
            youth.consents = False
            given = consents.ConsentForm(guardian="Mutter" if self.past_year() - youth.birth_year < 18 else "")
            given.categories = ["identity", "contact", "encounters"]
            given.form = self.dice.choice(["signed_here", "on_paper", "spoken"])
            if given.form == "signed_here":
                given.language, given.signature = self.dice.choice(consent_texts.LANGUAGES), phrases.SIGNATURE
            await who.do(consents.give, youth.id, given)
            await who.do(people.change, youth.id, self._identity(youth))
            if self.accompanied[mobile] < MOST_CASES:
                self.accompanied[mobile] += 1
                await who.do(accompany, youth.id, random.Random(youth.alias))  # noqa: S311  (invented people)

    def past_year(self) -> int:
        return datetime.fromtimestamp(self.past.ms / 1000, BERLIN).year

    def _identity(self, youth: Youth) -> dict[str, Any]:
        told: dict[str, Any] = {"given_name": youth.given_name, "family_name": youth.family_name, "phone": youth.phone}
        if self.dice.random() < 0.35:
            told["safe_contact_note"] = self.dice.choice(phrases.SAFE_CONTACT)
        told["languages"] = self.dice.choice(
            [["de"], ["de"], ["de", "tr"], ["de", "sq"], ["de", "ar"], ["uk", "de"], ["ro"]]
        )
        return told

    async def _review(self, day: date) -> None:
        """The supervisor works through the queue; some questions, which are answered a little later."""
        dice = self.dice
        self._at(day, 18.5)

        def plan(desk: Desk) -> list[Change]:
            queue = review.queue(desk).open
            given = []
            for line in queue[: max(0, len(queue) - OPEN_REVIEWS)]:
                lot = dice.random()
                if lot < 0.97 or line.state == "answered":
                    given += review.verdict(desk, line.id, "approved")
                else:
                    given += review.verdict(desk, line.id, "question", _question(line, dice))
            return given

        await self.team["supervisor"].do(plan)
        await self.sync()
        self._at(day, 19)
        for key in ("outreach", "colleague", "office"):
            await self.team[key].do(_answer_all, dice)

    # -- today ---------------------------------------------------------------------------------------------------------

    async def _today(self) -> None:
        """A running outing, due tasks, a question, an answer, a draft, two versions."""
        await self.sync()
        jana, tom, sabine, aylin = (self.team[k] for k in ("outreach", "office", "supervisor", "colleague"))
        self._ago(180)
        await sabine.do(_ask_authors, self.dice)
        await self.sync()
        self._ago(165)
        await tom.do(_answer_all, self.dice, 1)
        await jana.do(_due_today)
        await tom.do(_due_today)
        await self._two_versions(jana, aylin)
        if self.county.stops:
            await self._running_outing(jana)
        self._ago(0)
        await jana.ask(_begin_draft)
        await self.sync()

    async def _two_versions(self, jana: Profile, aylin: Profile) -> None:
        """The same note changed on two tablets without network."""
        await self.sync()
        self._ago(150)
        record = await jana.ask(_recent_with_a_person)
        if record is None:
            return
        here, there = await jana.ask(capture.correction, record), await aylin.ask(capture.correction, record)
        start = here.note.strip() or "Kurzes Gespräch."
        here.note = f"{start} Probetag am Montag, 8 Uhr."
        there.note = f"{start} Probetag auf Mittwoch verschoben. Fahrkarte ist besorgt."
        await jana.do(capture.save, here)
        self._ago(125)
        await aylin.do(capture.save, there)
        await self.sync()

    async def _running_outing(self, jana: Profile) -> None:
        """Set out an hour and a half ago; two stops are reached, what the timetable has later is still ahead."""
        plan = await jana.ask(outing.plan)
        now = datetime.fromtimestamp(self.now_ms / 1000, BERLIN)
        ahead = [stop.stop for stop in plan.stops if stop.usual and stop.starts and stop.starts > now.time()][:2]
        stops = [stop.stop for stop in plan.stops if stop.stop not in ahead][: 4 - len(ahead)] + ahead
        self._ago(95)
        self.stay = 35
        team = [member.id for member in plan.team[:1]]
        tour = (await jana.do(outing.start, outing.OutingStart(stops=stops, team=team, vehicle="Bus 1")))[0].id
        visits = (await jana.ask(outing.view, tour)).visits
        reached = [visit for visit in visits if visit.stop not in ahead][:2]
        for minutes, visit in zip((90, 45), reached, strict=False):
            self._ago(minutes)
            await jana.do(outing.arrive, tour, visit.id)
            await self._write(jana, now.date(), 3, [])
            await jana.do(_at_the_stop, tour, visit.id, self.dice.randint(5, 11), self.dice)


async def _here(who: Profile, young: list[Youth]) -> list[Youth]:
    """Those whose file has reached this device; what a colleague wrote comes with the next synchronisation."""
    return await who.ask(lambda desk: [youth for youth in young if desk.read.get(YoungPerson, youth.id)])


def _at_the_stop(desk: Desk, tour: str, visit: str, present: int, dice: random.Random) -> list[Change]:
    told = outing.count(desk, tour, visit, present)
    told += outing.weather(desk, tour, visit, dice.choice(["dry", "dry", "rain", "cold", "heat"]))
    seen = dice.choice(phrases.OBSERVATIONS)
    return told + (outing.observe(desk, tour, visit, seen) if seen else [])


def _answer_all(desk: Desk, dice: random.Random, leave: int = 0) -> list[Change]:
    asked = review.my_questions(desk)
    return [
        c
        for line in asked[: len(asked) - leave]
        for c in review.answer(desk, line.review, dice.choice(_answers(line.comment)))
    ]


def _question(line: review.QueueLine, dice: random.Random) -> str:
    return dice.choice(list(phrases.QUESTIONS_ABOUT_GROUPS if line.setting == "group" else phrases.QUESTIONS))


def _answers(question: str) -> tuple[str, ...]:
    return {**phrases.QUESTIONS, **phrases.QUESTIONS_ABOUT_GROUPS}[question]


def _ask_authors(desk: Desk, dice: random.Random) -> list[Change]:
    """Two questions for everybody who has something in the queue."""
    asked: dict[str, int] = {}
    given: list[Change] = []
    for line in reversed(review.queue(desk).open):
        author = line.author.id if line.author else ""
        if asked.get(author, 0) < 2:
            asked[author] = asked.get(author, 0) + 1
            given += review.verdict(desk, line.id, "question", _question(line, dice))
    return given


def _due_today(desk: Desk) -> list[Change]:
    """Some open tasks become due about now."""
    open_tasks = [line for line in tasks.lines(desk) if line.days is not None and line.days > 0][:3]
    shifts = (0, 0, -3)
    return [
        change
        for line, shift in zip(open_tasks, shifts, strict=False)
        for change in tasks.change(desk, line.id, {"due": desk.today + timedelta(days=shift)})
    ]


def _begin_draft(desk: Desk) -> None:
    draft = capture.new_draft(desk)
    draft.topics, draft.note = ["school", "family"], "Streit zu Hause, will am liebsten"
    capture.keep_draft(desk, draft)


def _recent_with_a_person(desk: Desk) -> str | None:
    mine = encounters.lines(desk, encounters.Filter(author=desk.me.member), 60).lines
    return next((line.id for line in mine if line.person is not None and line.snippet), None)
