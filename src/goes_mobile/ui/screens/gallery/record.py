"""A form: inherited place, chips, cells, note, save bar; group counting instead of one person."""

from __future__ import annotations

from datetime import date, time

import flet as ft

from goes_mobile.ui.components import (
    MOODS,
    ActionChip,
    AgeCells,
    Banner,
    Card,
    Cells,
    Chip,
    Chips,
    Choice,
    CodeSheet,
    DateField,
    DraftKept,
    Field,
    Option,
    PickSheet,
    SaveBar,
    Section,
    Segment,
    Side,
    Tally,
    TimeField,
    sheet_row,
    use_sheet,
)
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.shell import Screen

TOPICS = {
    topic.lower(): topic
    for topic in (
        *(
            "Ausbildung",
            "Schule",
            "Bewerbung",
            "Familie",
            "Geld",
            "Wohnen",
            "Arbeit",
            "Freizeit",
            "Aufenthalt",
            "Sucht",
        ),
        *("Psyche", "Recht", "Gewalt", "Sprache", "Freunde", "Partnerschaft", "Gesundheit", "Mobbing", "Medien"),
        "Verschuldung und Mahnungen",
    )
}
BANDS = [
    ("under_14", "unter 14"),
    ("age_14_17", "14–17"),
    ("age_18_20", "18–20"),
    ("age_21_24", "21–24"),
    ("age_25_27", "25–27"),
    ("over_27", "über 27"),
]
GENDERS = [("female", "weiblich"), ("male", "männlich"), ("diverse", "divers"), ("no_answer", "keine Angabe")]


@component
def Record() -> ft.Control:
    group, set_group = ft.use_state(False)
    anonymous, set_anonymous = ft.use_state(True)
    band, set_band = ft.use_state("age_18_20")
    topics, set_topics = ft.use_state(lambda: ["ausbildung", "bewerbung"])
    mood, set_mood = ft.use_state(4)
    note, set_note = ft.use_state("")
    day, set_day = ft.use_state(date(2026, 12, 1))
    at, set_at = ft.use_state(time(14, 30))
    counts, set_counts = ft.use_state(lambda: {("age_14_17", "female"): 3, ("age_14_17", "male"): 4})
    trail, set_trail = ft.use_state(list)
    sheet, set_sheet = ft.use_state("")
    saved, set_saved = ft.use_state(False)

    def close() -> None:
        set_sheet("")

    def sheets() -> ft.Control:
        if sheet == "topics":
            return CodeSheet("Worum ging es?", TOPICS, topics, set_topics, close)
        return PickSheet(
            "Person suchen",
            [Option(n, n, "17 · Plochingen") for n in ("Falke", "Luna", "Mika B.", "Yusuf", "Noah T.")],
            None,
            lambda _: None,
            close,
            search=True,
            last=sheet_row("Neu anlegen", icon=ft.Icons.PERSON_ADD_OUTLINED, on_press=close),
        )

    use_sheet(bool(sheet), sheets, close)

    def toggle(code: str, on: bool) -> None:
        set_topics([*topics, code] if on else [c for c in topics if c != code])

    def count(age: str, gender: str, step: int) -> None:
        now = max(counts.get((age, gender), 0) + step, 0)
        set_counts({**counts, (age, gender): now})
        set_trail([*trail, (age, gender, step)])

    def undo() -> None:
        if trail:
            age, gender, step = trail[-1]
            set_counts({**counts, (age, gender): counts.get((age, gender), 0) - step})
            set_trail(trail[:-1])

    where = Banner("Bahnhof Plochingen · 14:52", tone="primary", icon=ft.Icons.PLACE_OUTLINED)
    form = Segment(
        [Choice(False, "Einzeln", ft.Icons.PERSON_OUTLINED), Choice(True, "Gruppe", ft.Icons.GROUPS_OUTLINED)],
        group,
        set_group,
    )
    if group:
        who = Section(
            "Wer war da?",
            Card(Tally(BANDS, GENDERS, counts, count, on_undo=undo, note="davon 0 unter 14: zählt getrennt")),
            hint="" if look().compact else "Tippen zählt eins dazu, halten zieht eins ab",
        )
    else:
        who = Section(
            "Wer?",
            Chips(
                Chip("Anonym", anonymous, set_anonymous),
                ActionChip("Person suchen", lambda: set_sheet("person"), icon=ft.Icons.SEARCH),
            ),
            AgeCells(BANDS, band, set_band),
        )
    shown_topics = list(dict.fromkeys([*list(TOPICS)[:6], *topics]))
    about = Section(
        "Worum ging es?",
        Chips(
            *(Chip(TOPICS[c], c in topics, lambda on, c=c: toggle(c, on)) for c in shown_topics),
            ActionChip(
                f"Alle {len(TOPICS)}", lambda: set_sheet("topics"), icon=ft.Icons.KEYBOARD_ARROW_DOWN, quiet=True
            ),
        ),
    )
    feeling = Section(
        "Wie geht es dir?",
        Cells([Choice(i + 1, f"Stimmung {i + 1} von 5", icon) for i, icon in enumerate(MOODS)], mood, set_mood),
        hint="eigene Einschätzung",
    )
    return Screen(
        "Begegnung",
        [
            Side(where, form),
            who,
            about,
            feeling,
            Field("Notiz", note, set_note, lines=3, hint="Was ist wichtig?"),
            Side(DateField("Nächster Schritt am", day, set_day), TimeField("Uhrzeit", at, set_at), small=True),
        ],
        on_close=lambda: go("/"),
        status=DraftKept(),
        bar=SaveBar(
            "Speichern",
            lambda: set_saved(True),
            again="Nächste" if look().compact else "Speichern, nächste",
            on_again=lambda: None,
            later="Später fertig machen",
            on_later=lambda: go("/"),
            saved="Gespeichert" if saved else "",
            undo="Rückgängig",
            on_undo=lambda: set_saved(False),
        ),
    )
