"""The question: what, with whom, until when, and the right to say no. *Ja* opens with a stroke."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.services import consent_texts
from goes_mobile.services.consent_texts import ConsentText
from goes_mobile.state.consent_talk import ConsentTalk
from goes_mobile.ui.components import Bar, Card, Chip, Chips, Disc, Outlined, Primary
from goes_mobile.ui.components.words import Icon, Words
from goes_mobile.ui.frame import app, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.signature import SignaturePad
from goes_mobile.ui.theme import COLUMN, XL, L, M, S
from goes_mobile.ui.typography import Role


@component
def ConsentQuestion(talk: ConsentTalk) -> ft.Control:
    """Stands before all screens: no back leads out of it, and leaving locks, so that it needs the PIN."""
    text = talk.text
    if talk.answer:
        return _page(_answered(talk, text), None)
    languages = Chips(
        *(
            Chip(consent_texts.name_of(code), code == talk.language, lambda _, code=code: talk.speak(code), key=code)
            for code in consent_texts.LANGUAGES
        )
    )
    body = [
        languages,
        *_head(talk, text),
        _said(text, text.said["you_decide"]),
        _asked(text),
        _said(text, text.said["still_help"]),
        SignaturePad(
            talk.signature,
            talk.sign,
            title=text.said["sign"],
            again=text.said["again"],
            right_to_left=text.right_to_left,
        ),
        _said(text, text.said["draft"], "meta"),
    ]
    answers = _answers(talk, text)
    if look().compact and look().roomy:  # a bar of large buttons would leave no room to read
        return _page([*body, answers], None)
    answers.expand = True
    return _page(body, Bar(answers))


def _page(body: list[ft.Control], bar: ft.Control | None) -> ft.Control:
    column = ft.Column(body, spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    edge = look().edge
    middle = ft.Row(
        [ft.Container(column, width=COLUMN + 2 * edge, padding=ft.Padding.symmetric(horizontal=edge, vertical=L))],
        alignment=ft.MainAxisAlignment.CENTER,
    )
    if look().compact:
        middle = ft.Container(column, padding=ft.Padding.symmetric(horizontal=edge, vertical=L))
    scrolling = ft.Column(
        [middle], scroll=ft.ScrollMode.AUTO, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return ft.Column(
        [scrolling, *([bar] if bar is not None else [])],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _said(text: ConsentText, words: str, role: Role = "client", colour: str | None = None, **more: Any) -> ft.Control:
    return Words(words, role, colour, rtl=text.right_to_left, **more)


def _line(text: ConsentText, *content: ft.Control, **more: Any) -> ft.Row:
    return ft.Row(list(content), rtl=text.right_to_left, **more)


def _head(talk: ConsentTalk, text: ConsentText) -> list[ft.Control]:
    title = ft.Semantics(
        content=_said(text, text.title, "client_headline"), header=True, heading_level=1, expand=not look().compact
    )
    back = _back(talk, text)
    if look().compact or look().roomy:
        return [_line(text, back), title]
    return [_line(text, title, back, spacing=L, vertical_alignment=ft.CrossAxisAlignment.START)]


def _back(talk: ConsentTalk, text: ConsentText) -> ft.Control:
    async def leave() -> None:
        frame().go(f"/people/{talk.person}")  # wherever a back led meanwhile, behind the question
        await app().lock()

    name = frame().station.name.split(" ")[0]
    return Outlined(text.said["back"].format(name=name), leave, icon=ft.Icons.LOCK_OUTLINED)


def _asked(text: ConsentText) -> ft.Control:
    p = look().palette
    categories = [
        _line(text, Icon(ft.Icons.CHECK, p.ok, 24), _said(text, category, expand=True), spacing=S)
        for category in text.categories
    ]
    if text.left_out:
        out = _said(text, text.left_out, "body", p.ink_soft, expand=True)
        categories.append(_line(text, Icon(ft.Icons.BLOCK, p.lost, 24), out, spacing=S))
    until = [_said(text, text.purpose, "subtitle"), _said(text, text.until, "subtitle")]
    if text.guardian:
        until.append(_said(text, text.guardian, "body"))
    return Card(
        _part(
            text, ft.Icons.PERSON_OUTLINED, text.said["who"], [_said(text, who, "subtitle") for who in text.receivers]
        ),
        _part(text, ft.Icons.CHECKLIST, text.said["what"], categories),
        _part(text, ft.Icons.EVENT_OUTLINED, text.said["why"], until),
        spacing=L,
    )


def _part(text: ConsentText, icon: ft.IconData, title: str, content: list[ft.Control]) -> ft.Control:
    words = ft.Column(
        [_said(text, title, "body", look().palette.ink_soft), *content],
        spacing=4,
        tight=True,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return _line(text, Disc(icon, "primary"), words, spacing=L, vertical_alignment=ft.CrossAxisAlignment.START)


def _answers(talk: ConsentTalk, text: ConsentText) -> ft.Control:
    yes = Primary(
        text.said["yes"], talk.agree, why_not=None if talk.signed else text.said["sign_first"], height=56, expand=True
    )
    no = Outlined(text.said["no"], talk.decline, height=56)
    lines: list[ft.Control] = [] if talk.signed else [_said(text, text.said["sign_first"], "meta")]
    if look().roomy or look().compact:
        lines += [_line(text, yes), no]
    else:
        lines.append(_line(text, no, yes, spacing=M))
    return ft.Column(lines, spacing=S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _answered(talk: ConsentTalk, text: ConsentText) -> list[ft.Control]:
    """What became of it. *Nein* is an answer like any other."""
    yes = talk.answer == "yes"
    words = text.said["thanks" if yes else "declined"]
    icon = Icon(ft.Icons.CHECK_CIRCLE if yes else ft.Icons.SENTIMENT_SATISFIED, look().palette.ok, 56)
    return [
        ft.Container(height=XL),
        ft.Row([icon], alignment=ft.MainAxisAlignment.CENTER),
        ft.Semantics(content=_said(text, words, "client_headline"), header=True, heading_level=1, live_region=True),
        _said(text, text.said["thanks_more" if yes else "declined_more"]),
        _line(text, _back(talk, text)),
    ]
