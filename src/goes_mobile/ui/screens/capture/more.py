"""What statistics want and one rarely has to touch: kind of contact, duration, work form, result."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.capture import Mark
from goes_mobile.ui.codes import capital, options, say
from goes_mobile.ui.components import Chip, Chips, Field, Option, PickField, PickSheet, Section, use_sheet
from goes_mobile.ui.guarded import component
from goes_mobile.ui.screens.capture.hand import Hand
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import L

MINUTES = (5, 10, 20, 30, 45, 60, 90)


@component
def More(hand: Hand, mark: Mark) -> ft.Control:
    choosing, set_choosing = ft.use_state(False)
    view = hand.view
    draft = view.at_hand
    use_sheet(
        choosing,
        lambda: PickSheet(
            t("capture.work_form"),
            [Option(o.value, capital(o.text)) for o in options("work_form")],
            draft.work_form,
            lambda form: view.put("more", work_form=form),
            lambda: set_choosing(False),
        ),
        lambda: set_choosing(False),
    )
    lasted = [n for n in MINUTES if n <= 60 or n == draft.minutes]
    if draft.minutes is not None and draft.minutes not in lasted:
        lasted = sorted([*lasted, draft.minutes])
    return ft.Column(
        [
            Section(
                t("capture.contact"),
                Chips(
                    *(
                        Chip(
                            capital(o.text),
                            draft.contact_type == o.value,
                            lambda on, code=o.value: view.put("more", contact_type=code if on else None),
                            key=o.value,
                        )
                        for o in options("contact_type")
                    )
                ),
            ),
            Section(
                t("capture.minutes"),
                Chips(
                    *(
                        Chip(
                            t("capture.n_minutes", n=n),
                            draft.minutes == n,
                            lambda on, n=n: view.put("more", minutes=n if on else None),
                            key=str(n),
                        )
                        for n in lasted
                    )
                ),
            ),
            PickField(
                t("capture.work_form"),
                capital(say("work_form", draft.work_form)),
                lambda: set_choosing(True),
                on_clear=lambda: view.put("more", work_form=None),
            ),
            Field(t("capture.outcome"), draft.outcome, lambda text: view.write(outcome=text), lines=2),
        ],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
