"""One file: how to reach somebody safely and what is next stand above everything."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from goes_mobile.services.casework import Casework, NextAppointment
from goes_mobile.services.person_file import PersonView
from goes_mobile.services.sharing import Sharing
from goes_mobile.services.tasks import TaskLine
from goes_mobile.state.people import PersonFile
from goes_mobile.ui.codes import said
from goes_mobile.ui.components import (
    Avatar,
    Banner,
    Card,
    Disc,
    Group,
    IconAction,
    Loading,
    Menu,
    NotHere,
    Nothing,
    Pill,
    Pills,
    Primary,
    Row,
    Section,
    Side,
    Tonal,
)
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.columns import Columns
from goes_mobile.ui.parts.tasks import TaskRows
from goes_mobile.ui.parts.words import age_years, joined, until, who
from goes_mobile.ui.screens.people.adding import Adding
from goes_mobile.ui.screens.people.documents import PersonDocuments
from goes_mobile.ui.screens.people.entries import EntrySections, writable
from goes_mobile.ui.screens.people.facts import Consents, PersonFacts
from goes_mobile.ui.screens.people.goals import GoalPart
from goes_mobile.ui.screens.people.merging import MergedFiles
from goes_mobile.ui.screens.people.referrals import ReferralPart
from goes_mobile.ui.screens.people.sharing import FileBetweenSites, Readers
from goes_mobile.ui.screens.people.timeline import PersonTimeline
from goes_mobile.ui.screens.people.way import AbsencePart, CasePart, SituationPart
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, due, local, numeric_day, t
from goes_mobile.ui.views import use_view

KINDS = ("young_person", "encounter", "participation", "task", "consent", "review", "review_answer", "referral",
         "retention_hold", "delivery", *(known.name for known in writable()))  # fmt: skip


@component
def PersonScreen(person: str) -> ft.Control:
    view = use_view(lambda app: PersonFile(app, person), *KINDS)
    shown = look()
    back = None if shown.spacious else "/people"
    if view.missing:
        return Screen(t("people.title"), [NotHere()], back=back, chip=not shown.spacious)
    found, work = view.view, view.work
    if found is None or work is None:
        return Screen(t("people.title"), [Loading(t("people.opening"))], back=back, chip=not shown.spacious)

    person = found.id  # a link to a file that was merged leads to the one that shows them all

    def record() -> None:
        go(f"/new/encounter/{person}")

    closed = view.stands is not None and view.stands.closed
    begin = (
        Primary(t("people.record"), record, icon=ft.Icons.ADD)
        if shown.spacious and not shown.roomy
        else IconAction(ft.Icons.ADD_COMMENT_OUTLINED, t("people.record"), record, colour=shown.palette.primary)
    )
    me = view.app.status.me
    supervising = [
        (t("accesses.of_person"), ft.Icons.VISIBILITY_OUTLINED, lambda: go(f"/people/{person}/accesses")),
        (t("hold.title"), ft.Icons.LOCK_CLOCK_OUTLINED, lambda: go(f"/hold/{person}")),
    ]
    writing = [
        (t("people.edit"), ft.Icons.EDIT_OUTLINED, lambda: go(f"/edit/person/{person}")),
        (t("tasks.new"), ft.Icons.TASK_ALT_OUTLINED, lambda: go(f"/new/task-for/{person}")),
        (t("people.new_consent"), ft.Icons.VERIFIED_USER_OUTLINED, lambda: go(f"/new/consent/{person}")),
    ]
    menu = Menu(
        t("people.more"),
        [
            *([] if closed else writing),
            *_share(person, view.stands),
            *([] if closed else [(t("merge.title"), ft.Icons.CALL_MERGE, lambda: go(f"/merge/{person}"))]),
            (t("people.history"), ft.Icons.HISTORY_OUTLINED, lambda: go(f"/people/{person}/history")),
            (t("disclosure.title"), ft.Icons.DESCRIPTION_OUTLINED, lambda: go(f"/people/{person}/disclosure")),
            *(supervising if me is not None and me.supervises else []),
            (t("deletion.ask_person"), ft.Icons.DELETE_OUTLINED, lambda: go(f"/delete/young_person/{person}")),
        ],
    )
    wide = shown.window == "wide" and not shown.roomy
    top = [
        *_between(view),
        *([] if closed else _conflict(found)),
        Pills(*_pills(found, work)),
        *_above(found, work, closed),
        *([] if closed else [Adding(person, work.case is not None, key=f"adding-{person}")]),
    ]
    goals = GoalPart(person, work.goals, closed=closed)
    about = [
        *([SituationPart(person, work.situation, closed, key="situation")] if work.situation is not None else []),
        *([] if closed and not (work.case or work.earlier) else [CasePart(person, work, closed, key="case")]),
        *([] if closed and not found.tasks else [_tasks(found, closed, narrow=wide)]),
        *([AbsencePart(person, work.absences, closed, key="absences")] if work.absences else []),
        *([ReferralPart(person, work.referrals, closed, key="referrals")] if work.referrals else []),
        *EntrySections(found, closed=closed),
        PersonDocuments(person, not closed, key=f"documents-{person}"),
        PersonFacts(found, not closed),
        Consents(found, not closed, view),
        *([MergedFiles(found.merged)] if found.merged else []),
        *([Readers(view.stands)] if view.stands is not None else []),
    ]
    story = Section(t("people.timeline"), _timeline(view, found, closed, folded=not wide))
    return Screen(
        found.alias,
        [*top, Columns([story], [*goals, *about])] if wide else [*top, *goals, story, *about],
        subtitle=joined(age_years(found.age, found.age_exact), found.municipality, said("language", found.languages)),
        leading=Avatar(found.alias, size=56),
        back=back,
        actions=[menu] if closed else [begin, menu],
        chip=False,
    )


def _share(person: str, stands: Sharing | None) -> list[tuple[str, ft.IconData, Callable[[], None]]]:
    if stands is None or not stands.may_offer:
        return []
    return [(t("sharing.title"), ft.Icons.CALL_SPLIT, lambda: go(f"/share/{person}"))]


def _between(view: PersonFile) -> list[ft.Control]:
    stands = view.stands
    if stands is None or (stands.current is None and not stands.closed):
        return []
    return [FileBetweenSites(view, key=f"sharing-{view.person}")]


def _conflict(found: PersonView) -> list[ft.Control]:
    if not found.conflicts:
        return []
    return [
        Banner(
            t("versions.two", n=len(found.conflicts)),
            t("versions.two_detail"),
            tone="look",
            icon=ft.Icons.DIFFERENCE_OUTLINED,
            action=t("versions.decide"),
            on_action=lambda: go(f"/people/{found.id}/versions"),
        )
    ]


def _pills(found: PersonView, work: Casework) -> list[ft.Control]:
    pills: list[ft.Control] = []
    if work.case is not None:
        words = t("case.rests" if work.case.state == "paused" else "case.since", day=numeric_day(work.case.starts))
        pills.append(Pill(words, ft.Icons.ROUTE_OUTLINED, "plain" if work.case.state == "paused" else "primary"))
    if found.consent_until is not None:
        words = joined(t("people.consent"), until(found.consent_until)).replace(" · ", " ")
        pills.append(Pill(words, ft.Icons.VERIFIED_USER_OUTLINED, "ok"))
    elif any(c.state == "expired" for c in found.consents):
        pills.append(Pill(t("people.consent_expired"), ft.Icons.VERIFIED_USER_OUTLINED, "look"))
    else:
        pills.append(Pill(t("people.consent_none"), ft.Icons.VISIBILITY_OFF_OUTLINED, "plain"))
    if found.outside:
        pills.append(Pill(t("people.outside"), ft.Icons.INFO_OUTLINED, "look"))
    if found.held_until is not None:
        words = t("deletion.held", day=numeric_day(found.held_until))
        pills.append(Pill(words, ft.Icons.LOCK_CLOCK_OUTLINED, "look"))
    if found.coach is not None:
        pills.append(Pill(t("people.coach", who=who(found.coach)), ft.Icons.PERSON_OUTLINED, "plain"))
    return pills


def _above(found: PersonView, work: Casework, closed: bool) -> list[ft.Control]:
    """What must be known before calling, and what comes next."""
    banners: list[ft.Control] = []
    if found.safe_contact.strip():
        first, _, rest = found.safe_contact.strip().partition("\n")
        banners.append(Banner(first, rest.strip() or t("people.safe"), tone="look", icon=ft.Icons.SHIELD_OUTLINED))
    elif reach := joined(found.phone, found.messenger, found.mail):
        banners.append(Banner(reach, t("file.reach"), tone="plain", icon=ft.Icons.PHONE_OUTLINED))
    if work.appointment is not None:
        banners.append(_appointment(work.appointment))
    task = found.next
    if task is not None and (work.appointment is None or task.when == "overdue"):
        late = task.when == "overdue"
        banners.append(
            Banner(
                task.title,
                joined(due(task.due) if task.due else t("tasks.undated"), who(task.assignee)),
                tone="lost" if late else "primary",
                icon=ft.Icons.EVENT_BUSY_OUTLINED if late else ft.Icons.EVENT_OUTLINED,
            )
        )
    elif task is None and work.appointment is None and not closed:  # a closed file is somebody else's to plan
        banners.append(
            Banner(
                t("people.no_next"),
                tone="look" if work.case is not None and work.case.state == "open" else "plain",
                icon=ft.Icons.EVENT_OUTLINED,
                action=t("people.plan"),
                on_action=lambda: go(f"/new/task-for/{found.id}"),
            )
        )
    return [Side(*banners)] if banners else []


def _appointment(found: NextAppointment) -> ft.Control:
    at = local(found.at)
    return Banner(
        joined(t("file.at", day=due(at.date()), clock=clock(at)), found.place),
        joined(found.what, who(found.member), who(found.partner)),
        tone="primary",
        icon=ft.Icons.EVENT_OUTLINED,
    )


def _tasks(found: PersonView, closed: bool, *, narrow: bool) -> ft.Control:
    content: ft.Control
    if closed:
        content = Group([_task(task) for task in found.tasks])
    elif found.tasks:
        content = TaskRows(found.tasks, about=False, others=True, narrow=narrow)
    else:
        content = Card(ft.Row([Tonal(t("tasks.new"), lambda: go(f"/new/task-for/{found.id}"), icon=ft.Icons.ADD)]))
    return Section(
        t("tasks.title"),
        content,
        count=len(found.tasks) or None,
        action=t("people.add_task") if found.tasks and not closed else "",
        on_action=lambda: go(f"/new/task-for/{found.id}"),
    )


def _task(task: TaskLine) -> ft.Control:
    """To be read only."""
    about = joined(due(task.due) if task.due else t("tasks.undated"), who(task.assignee))
    return Row(task.title, about, leading=Disc(ft.Icons.TASK_ALT), key=task.id)


def _timeline(view: PersonFile, found: PersonView, closed: bool, *, folded: bool) -> ft.Control:
    if not found.timeline:
        return Nothing(
            t("people.no_story"),
            t("people.no_story_detail"),
            icon=ft.Icons.FORUM_OUTLINED,
            action="" if closed else t("people.record"),
            on_action=lambda: go(f"/new/encounter/{found.id}"),
        )
    return PersonTimeline(found, view.more, folded=folded, key=found.id)
