"""Every block in every state, and the settings that change how everything looks."""

from __future__ import annotations

import flet as ft

from goes_mobile.protocol.problems import Refused
from goes_mobile.ui.components import (
    ActionChip,
    AgeCells,
    Broken,
    Card,
    Chip,
    Chips,
    Choice,
    Danger,
    Disc,
    Field,
    Figure,
    Group,
    NotHere,
    Nothing,
    Outlined,
    Pills,
    PinPad,
    Primary,
    Row,
    SearchField,
    Section,
    Segment,
    Side,
    Skeleton,
    StatePill,
    Switch,
    SyncChip,
    Table,
    TextAction,
    Tonal,
    use_question,
)
from goes_mobile.ui.frame import Delivery, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.signature import SignaturePad
from goes_mobile.ui.screens.gallery.record import BANDS
from goes_mobile.ui.shell import Screen


def _fail() -> None:
    raise ValueError("geheim")


async def _refused() -> None:
    raise Refused("not_allowed")


@component
def Fragile(broken: bool) -> ft.Control:
    """Fails while drawing, to see that the rest lives on."""
    if broken:
        raise KeyError("geheim")
    return Nothing("Niemand wartet", "Alle Begleitungen haben einen nächsten Schritt.")


@component
def Blocks() -> ft.Control:
    school, set_school = ft.use_state(True)
    single, set_single = ft.use_state(True)
    band, set_band = ft.use_state("age_18_20")
    wanted, set_wanted = ft.use_state("")
    asking, set_asking = ft.use_state(False)
    broken, set_broken = ft.use_state(False)
    signed, set_signed = ft.use_state("")
    wish = frame().appearance
    use_question(
        asking,
        "Entwurf verwerfen?",
        "Was hier steht, ist danach weg.",
        "Verwerfen",
        lambda: None,
        "Behalten",
        lambda: set_asking(False),
        danger=True,
    )

    def set_theme(theme: str) -> None:
        wish.theme = theme  # type: ignore[assignment]

    def set_scale(scale: float) -> None:
        wish.scale = scale

    looks = Section(
        "Aussehen",
        Segment([Choice("light", "Hell"), Choice("dark", "Dunkel"), Choice("sun", "Sonne")], look().theme, set_theme),
        Segment([Choice(1.0, "100 %"), Choice(1.3, "130 %"), Choice(2.0, "200 %")], look().scale, set_scale),
        Group([Switch("Linke Hand", wish.left_handed, lambda on: setattr(wish, "left_handed", on), hint="Spiegelt")]),
    )
    buttons = Section(
        "Knöpfe",
        ft.Row(
            [
                Primary("Speichern", lambda: None, icon=ft.Icons.CHECK),
                Tonal("Erreicht", lambda: None),
                Outlined("Abgeben", lambda: None),
                TextAction("Später", lambda: None),
                Danger("Löschen", lambda: set_asking(True), icon=ft.Icons.DELETE_OUTLINED),
            ],
            wrap=True,
            spacing=8,
            run_spacing=8,
        ),
    )
    choice = Section(
        "Auswahl",
        Chips(
            Chip("Schule", school, set_school),
            Chip("Ausbildung", not school, lambda on: set_school(not on)),
            Chip("Schule, Ausbildung, Arbeit", school, set_school),
            ActionChip("Person suchen", lambda: go("/record"), icon=ft.Icons.SEARCH),
            ActionChip("Alle 20", lambda: go("/record"), icon=ft.Icons.KEYBOARD_ARROW_DOWN, quiet=True),
        ),
        Segment(
            [Choice(True, "Einzeln", ft.Icons.PERSON_OUTLINED), Choice(False, "Gruppe", ft.Icons.GROUPS_OUTLINED)],
            single,
            set_single,
        ),
        AgeCells(BANDS, band, set_band),
    )
    states = Section(
        "Zustand eines Eintrags",
        Pills(*(StatePill(s, 3) for s in ("draft", "saved", "waiting", "delivered", "seen", "two_versions", "held"))),
    )
    nets = Section(
        "Netz",
        ft.Row(
            [
                SyncChip(Delivery(net, n), lambda: go("/more/sync"))
                for net, n in (("delivered", 0), ("sending", 3), ("offline", 3), ("broken", 1))
            ],
            wrap=True,
        ),
    )
    review = Section(
        "Prüfung",
        Pills(*(StatePill(s) for s in ("open", "approved", "question", "returned", "changed_since"))),
    )
    fields = Section(
        "Felder",
        Side(
            Field("Telefon", "0176 12", error="Die Nummer ist zu kurz. Trotzdem gespeichert."),
            Field("Alias", "Falke", note="Kein echter Name nötig", correct=False),
            Field("Nächster Schritt", hint="Was ist zu tun?"),
        ),
        SearchField("Name, Telefon, Notiz …", wanted, set_wanted),
    )
    signing = Section("Unterschrift", SignaturePad(signed, set_signed, height=160))
    messages = Section(
        "Zustände",
        Side(Fragile(broken), Skeleton("Akte wird geöffnet …")),
        Side(NotHere(action="Vormerken", on_action=lambda: None), Broken(code="G-204", on_retry=lambda: None)),
    )
    faults = Section(
        "Fehler",
        ft.Row(
            [
                Outlined("Handler wirft", _fail),
                Outlined("Handler lehnt ab", _refused),
                Outlined("Zeichnen wirft", lambda: set_broken(not broken)),
            ],
            wrap=True,
        ),
    )
    figures = Section(
        "Zahlen",
        Side(
            Figure("1.870", "Begegnungen", "+9 % zum Vorjahr", tone="ok", icon=ft.Icons.TRENDING_UP),
            Figure("63", "Offene Begleitungen", "7 ohne nächsten Schritt", tone="look", icon=ft.Icons.ERROR_OUTLINE),
        ),
        Card(
            Table(
                ["", "weiblich", "männlich", "divers", "k. A."],
                [["14–17", "88", "104", "<5", "9"], ["18–20", "71", "83", "<5", "6"], ["21–24", "39", "48", "", "<5"]],
            )
        ),
    )
    ways = Group(
        [
            Row("Synchronisation", "3 warten", leading=Disc(ft.Icons.SYNC), on_press=lambda: go("/more/sync")),
            Row("Formular", "aus den Daten", leading=Disc(ft.Icons.EDIT_NOTE), on_press=lambda: go("/form")),
            Row("Entsperren", "PIN", leading=Disc(ft.Icons.LOCK_OUTLINED), on_press=lambda: go("/more/pin")),
        ]
    )
    return Screen(
        "Bausteine",
        [buttons, choice, looks, fields, signing, messages],
        aside=[ways, states, nets, review, faults, figures],
    )


@component
def Delivering() -> ft.Control:
    return Screen(
        "Synchronisation",
        [
            Card(
                ft.Row(
                    [
                        Disc(ft.Icons.CLOUD_OFF_OUTLINED, "look", size=48),
                        Row("Offline seit 3 Stunden", "Alles ist hier sicher gespeichert."),
                    ]
                ),
                Primary("Jetzt versuchen", lambda: None, icon=ft.Icons.SYNC),
            ),
            Section("Wartet", Group([Row("Begegnung, 14:52", "Bahnhof Plochingen")]), count=1),
        ],
        back="/more",
        chip=False,
    )


@component
def Unlocking() -> ft.Control:
    n, set_n = ft.use_state(4)
    chosen, set_chosen = ft.use_state("jana")
    return Screen(
        "GO!ES mobil",
        [
            Section(
                "Wer arbeitet?",
                *(
                    Card(
                        Row(name, "Workmobil"), padding=0, on_press=(lambda k=key: set_chosen(k)), chosen=chosen == key
                    )
                    for key, name in (("jana", "Jana Keller"), ("aylin", "Aylin Yıldız"))
                ),
            ),
            PinPad(
                n,
                lambda _: set_n(min(n + 1, 6)),
                lambda: set_n(max(n - 1, 0)),
                title="PIN für Jana",
                error="Noch 3 Versuche, dann 1 Minute Pause" if n == 6 else "",
            ),
        ],
        subtitle="Gerät: Workmobil 1",
        leading=Disc(ft.Icons.AIRPORT_SHUTTLE_OUTLINED, "primary", size=48),
    )
