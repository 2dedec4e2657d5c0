"""An encounter as it is read: the same for whoever looks it up and for the supervisor who reviews it."""

from __future__ import annotations

import flet as ft

from goes_mobile.records.codes import codes
from goes_mobile.services.encounters import EncounterView, Part
from goes_mobile.state.county import county
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import (
    MOODS,
    Avatar,
    Card,
    Chevron,
    Fact,
    Facts,
    Icon,
    Label,
    Meta,
    Narrative,
    Note,
    Pill,
    Pills,
    Strong,
    Table,
)
from goes_mobile.ui.frame import app, go
from goes_mobile.ui.guarded import guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.text import clock, numeric_day, short_day, t
from goes_mobile.ui.theme import SMALL, L, M, S

GENDERS = ("female", "male", "diverse", "no_answer")


def title(where: str, setting: str | None) -> str:
    """Bahnhof Plochingen, Gruppe"""
    place = capital(where) or t("encounters.one")
    return f"{place}, {say('setting', setting)}" if setting else place


def subtitle(e: EncounterView) -> str:
    """24.11.2026, 14:52 – 15:20 · Jana Keller, Aylin Yıldız"""
    span = f"{clock(e.at)} – {clock(e.ends)}" if e.ends else clock(e.at)
    team = ", ".join(n for n in (who(e.author), *(m.name for m in e.team)) if n)
    return joined(f"{numeric_day(e.at)}, {span}", team)


def EncounterFacts(e: EncounterView, *, narrow: bool = False) -> list[ft.Control]:
    """What is counted, then what is told. `narrow`: there is a third column beside it."""
    return [_counted(e, 2 if narrow else 4), _told(e)]


def _counted(e: EncounterView, columns: int) -> ft.Control:
    minutes = t("encounters.minutes_value", n=e.minutes) if e.minutes else ""
    facts = [
        Fact(t("encounters.work_form"), capital(say("work_form", e.work_form))),
        Fact(t("encounters.contact"), capital(say("contact_type", e.contact_type))),
        Fact(t("encounters.minutes"), minutes),
        Fact(t("encounters.municipality"), e.municipality),
    ]
    return Card(Facts(facts, columns=columns), _who(e), spacing=20)


def _who(e: EncounterView) -> ft.Control:
    preset = county(app())
    head = t("encounters.who_n", n=e.people)
    if e.people > 1 or e.inside != e.people:
        head = f"{head}, {t('encounters.inside', n=e.inside, first=preset.age_from, last=preset.age_to)}"
    words = ft.Semantics(content=Strong(f"{t('encounters.who')} {head}"), header=True, heading_level=3)
    content: list[ft.Control] = [words]
    if e.person is not None:
        person = e.person
        content.append(_somebody(person.id, person.name, ""))
    content += [_part(part) for part in e.parts]
    counts = _table(e)
    if counts is not None:
        content.append(counts)
    elif e.person is None and not e.parts:
        content.append(Meta(t("encounters.anonymous")))
    if e.mood:
        face = MOODS[e.mood - 1] if e.mood <= len(MOODS) else None
        content.append(Pills(Pill(f"{t('encounters.mood')} {t('encounters.mood_of', n=e.mood)}", face)))
    return ft.Column(content, spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _part(part: Part) -> ft.Control:
    """A known person's part in a group."""
    mood = f"{t('encounters.mood')} {t('encounters.mood_of', n=part.mood)}" if part.mood else ""
    return _somebody(part.person.id, part.person.name, joined(part.note, part.next_step, mood))


def _somebody(person: str, alias: str, detail: str) -> ft.Control:
    words: list[ft.Control] = [Strong(alias), *([Meta(detail)] if detail else [])]
    line: list[ft.Control | None] = [Avatar(alias), ft.Column(words, spacing=0, tight=True, expand=True), Chevron()]
    return ft.Container(
        content=ft.Row([part for part in line if part is not None], spacing=L),
        padding=ft.Padding.symmetric(vertical=4),
        border_radius=SMALL,
        ink=True,
        on_click=guarded(lambda: go(f"/people/{person}")),
        key=person,
    )


def _table(e: EncounterView) -> ft.Control | None:
    """Ages down, genders across; only the ages that were there."""
    rows = {age: cells for age, cells in e.counts.items() if any(cells.values())}
    if not rows:
        return None
    known = [*GENDERS, *sorted({g for cells in rows.values() for g in cells} - set(GENDERS))]
    bands = list(codes("age_band"))
    ordered = sorted(rows, key=lambda age: bands.index(age) if age in bands else len(bands))
    shown = look()
    if shown.compact:
        known = [g for g in known if any(cells.get(g) for cells in rows.values())]
    if shown.compact and shown.roomy:
        lines = [
            (age, ", ".join(f"{rows[age][g]} {say('gender', g)}" for g in known if rows[age].get(g))) for age in ordered
        ]
        return Facts([Fact(say("age_band", age), words) for age, words in lines])
    return Table(
        [t("encounters.age"), *(_gender(g, short=shown.compact and len(known) > 3) for g in known)],
        [[say("age_band", age), *(str(rows[age].get(g) or "") for g in known)] for age in ordered],
        first=96,
    )


def _gender(code: str, *, short: bool) -> str:
    """Column heads have little room; what is too long for them is cut as people cut it."""
    if code == "no_answer":
        return t("encounters.gender_no_answer")
    if short and code in ("female", "male"):
        return t(f"encounters.gender_{code}")
    return say("gender", code)


def _told(e: EncounterView) -> ft.Control:
    content: list[ft.Control] = []
    for words, chosen, name in (
        (t("encounters.topics"), e.topics, "topic"),
        (t("encounters.actions"), e.actions, "action"),
    ):
        if chosen:
            content.append(_labelled(words, Pills(*(Pill(say(name, code)) for code in chosen))))
    content.append(
        _labelled(t("encounters.note"), Narrative(e.note, selectable=True, semantics_label=e.note))
        if e.note
        else Meta(t("encounters.no_note"))
    )
    if e.outcome:
        content.append(
            _labelled(t("encounters.outcome"), Narrative(e.outcome, selectable=True, semantics_label=e.outcome))
        )
    if e.next_step:
        step = joined(t("encounters.next_step", what=e.next_step), short_day(e.next_step_on) if e.next_step_on else "")
        content.append(
            ft.Row(
                [Icon(ft.Icons.SUBDIRECTORY_ARROW_RIGHT, look().palette.primary, 22), Strong(step, expand=True)],
                spacing=M,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )
    if e.extra:
        content.append(Note(t("encounters.unknown_fields", names=", ".join(e.extra))))
    return Card(*content, spacing=L)


def _labelled(words: str, control: ft.Control) -> ft.Control:
    return ft.Column(
        [Label(words, look().palette.ink_soft), control],
        spacing=S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
