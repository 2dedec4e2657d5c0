"""How a file stands between the sites: an offer and its answer on top, who reads it below."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.sharing import ReferralView, Sharing
from goes_mobile.state.people import PersonFile
from goes_mobile.ui.components import Banner, Card, Fact, Facts, Meta, Outlined, Section, Strong, Tonal
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.theme import M


@component
def FileBetweenSites(view: PersonFile) -> ft.Control:
    """The banner; only there if there is something to say."""
    trouble, set_trouble = ft.use_state("")
    stands = view.stands
    assert stands is not None  # else the file shows none
    if stands.closed or stands.current is None:
        return _closed(stands)
    current = stands.current
    words: list[ft.Control] = [Strong(_title(current)), Meta(joined(who(current.by), numeric_day(current.since)))]
    if current.reason:
        words.append(Meta(f"„{current.reason}“"))

    async def accept() -> None:
        code = await view.accept(current.id)
        set_trouble(code)
        if not code:
            frame().notices.show(Notice(t("sharing.accepted"), tone="ok"))

    if trouble:
        words.append(Meta(refusal(trouble)))
    if current.to_answer:
        if current.mode == "handed_over":
            words.append(Meta(t("sharing.accept_whole", site=who(current.giver))))
        decline = Outlined(t("sharing.decline"), lambda: go(f"/unshare/{current.person}/decline"))
        buttons = [Tonal(t("sharing.accept"), accept, icon=ft.Icons.CHECK), decline]
    else:
        buttons = [Outlined(t("sharing.end"), lambda: go(f"/unshare/{current.person}/end"))]
    return Card(*words, ft.Row(buttons, wrap=True, spacing=M, run_spacing=M), spacing=M)


def _title(view: ReferralView) -> str:
    """What happened between whom, from where we stand."""
    if view.state == "offered":
        if view.mine:
            return t("sharing.offered_to", site=who(view.to))
        return t("sharing.offered_whole" if view.mode == "handed_over" else "sharing.offered_by", site=who(view.giver))
    return t("sharing.with", site=who(view.to if view.mine else view.giver))


def _closed(stands: Sharing) -> ft.Control:
    """We keep what we had; who had the file from us is told where it is now."""
    view = stands.current
    if view is not None and view.state == "handed_over":
        title = t("sharing.handed_over", site=who(view.to), day=numeric_day(view.since))
    elif view is not None:
        title = t("sharing.over", site=who(view.giver), day=numeric_day(view.since))
    else:
        title = t("sharing.over_somewhere")
    because = f"„{view.because}“ " if view is not None and view.because else ""
    return Banner(title, because + t("sharing.closed_detail"), tone="look", icon=ft.Icons.LOCK_OUTLINED)


def Readers(stands: Sharing) -> ft.Control:
    """Who reads what is written here from now on, and what was earlier."""
    facts = [
        Fact(site.name, ", ".join(member.name for member in members) or t("sharing.no_devices"))
        for site, members in stands.readers
    ]
    before = [Meta(_earlier(view)) for view in stands.earlier]
    return Section(t("sharing.readers"), Card(Facts(facts), *before, spacing=M))


def _earlier(view: ReferralView) -> str:
    day, site = numeric_day(view.since), who(view.to)
    said = {
        "handed_over": t("sharing.was_handed_over", site=site, day=day),
        "declined": t("sharing.was_declined", site=site, day=day),
    }.get(view.state, t("sharing.was_ended", site=site, day=day))
    return said + (f" „{view.because}“" if view.because else "")
