"""An Auskunft as files: a PDF to read and hand out, JSON to take along."""

from __future__ import annotations

import json
from datetime import tzinfo
from itertools import groupby
from typing import Any

from goes_mobile.records import assets, codes, display
from goes_mobile.services.disclosure import Disclosure, Held, plain

_SORTS = {"made": "erfasst", "changed": "geändert", "deleted": "gelöscht", "restored": "wiederhergestellt"}
_GROUPS = {
    "site": "Team der Einrichtung", "site_supervisors": "Leitung der Einrichtung", "org": "alle Mitarbeitenden",
    "coordination": "Koordinierung", "recovery": "Für den Notfall: wer das Wiederherstellungsblatt im Tresor hat",
}  # fmt: skip
_CHECK = "[PRÜFEN] "
_ABOUT = (
    "Du darfst wissen, was über dich gespeichert ist, und eine Kopie davon bekommen (Art. 15 und 20 DSGVO). Hier steht "
    "alles. Gespeichert wird es, damit man dich begleiten kann und nicht jedes Mal von vorn fragt; in Berichte gehen "
    "nur Zahlen ohne Namen ein. Es kommt von dir selbst und von dem, was die Leute vom Team mit dir erlebt haben.",
    "Du kannst verlangen, dass Falsches berichtigt wird, dass etwas oder alles gelöscht wird, und eine Einwilligung "
    "jederzeit zurücknehmen. Sag es einfach dem Team. Bist du nicht einverstanden, kannst du dich bei der "
    "Datenschutzaufsicht deines Bundeslandes beschweren.",
)
_SINCE = {
    "created": "nachdem es erfasst wurde", "changed": "nachdem zuletzt etwas daran geändert wurde",
    "last_contact": "nach dem letzten Kontakt", "case_closed": "nach dem Ende der Begleitung",
}  # fmt: skip
_KEPT = "Ist die Zeit um, schlägt das Programm vor zu löschen; zwei Menschen entscheiden es."
_COPIES = "Die Dokumente selbst gehören dazu: Das Team gibt sie dir einzeln."
_FIRST_OF_DAY = "Vermerkt wird je Tag und Gerät der erste Zugriff jeder Art."


def as_json(disclosure: Disclosure) -> bytes:
    return json.dumps(plain(disclosure), ensure_ascii=False, indent=1).encode() + b"\n"


def as_pdf(disclosure: Disclosure) -> bytes:
    """A4, German, in the program's own typeface; what has to be read first is marked."""
    from fpdf import FPDF

    zone = disclosure.made_at.tzinfo
    fonts = assets.directory() / "fonts"
    pdf = FPDF(format="A4")
    pdf.set_title("Auskunft")
    pdf.set_creation_date(disclosure.made_at)
    pdf.add_font("Plex", "", fonts / "IBMPlexSans_400Regular.ttf")
    pdf.add_font("Plex", "B", fonts / "IBMPlexSans_600SemiBold.ttf")
    pdf.add_font("Arabic", "", fonts / "IBMPlexSansArabic_400Regular.ttf")
    pdf.set_fallback_fonts(["Arabic"], exact_match=False)
    pdf.add_page()
    _line(pdf, f"Was über dich gespeichert ist: {disclosure.alias}", 16, bold=True)
    _line(pdf, f"Auskunft vom {disclosure.made_at:%d.%m.%Y %H:%M}, {disclosure.county}, erstellt von "
               f"{disclosure.made_by}.", 9)  # fmt: skip
    if disclosure.to_check:
        _line(pdf, f"Für das Team, vor dem Aushändigen: {disclosure.to_check} Stellen sind mit {_CHECK.strip()} "
                   "gekennzeichnet. Lesen; Angaben über andere schwärzen.", bold=True)  # fmt: skip
    for paragraph in _ABOUT:
        pdf.ln(2)
        _line(pdf, paragraph)
    _head(pdf, "Wie lange")
    _line(pdf, _KEPT)
    for rule in disclosure.keeping:
        _line(pdf, f"{display.kind_label(rule.kind, 'de')}: {rule.months} Monate {_SINCE[rule.counted_from]}")
    _head(pdf, "Wer die Akte lesen kann")
    for access in sorted(disclosure.access, key=lambda access: access.group == "recovery"):
        where = f" {access.site}" if access.site else ""
        members = f": {', '.join(access.members)}" if access.members else ""
        _line(pdf, f"{_GROUPS.get(access.group, access.group)}{where}{members}")
    _head(pdf, "Wer die Akte geöffnet hat")
    _line(pdf, _FIRST_OF_DAY if disclosure.looks else "Bisher niemand.", 9)
    for look in disclosure.looks:
        said = ", ".join(filter(None, (codes.say("access", look.what, "de"), look.document)))
        who = look.who.name if look.who else "unbekannt"
        device = look.called or f"Gerät {look.device[:8]}"
        _line(pdf, f"{look.at.astimezone(zone):%d.%m.%Y %H:%M} {who} ({device}): {said}", 8)
    for label, records in groupby(disclosure.records, key=lambda record: record.label):
        _head(pdf, "Über dich" if label == display.kind_label("young_person", "de") else label)
        for record in records:
            _record(pdf, record, zone)
        if record.kind == "attachment":
            _line(pdf, _COPIES, 9)
    return bytes(pdf.output())


def _record(pdf: Any, record: Held, zone: tzinfo | None) -> None:
    more = (" (gelöscht)" if record.deleted else "") + (" (mit anderen)" if record.shared else "")
    if record.title != record.label or more:
        pdf.ln(1)
        _line(pdf, record.title + more, bold=True)
    for item in record.items:
        _line(pdf, f"{item.label}: {_CHECK if item.check else ''}{item.words}")
    for step in record.steps:
        what = ": ".join(filter(None, (_SORTS[step.sort], "; ".join(step.changes))))
        check = _CHECK if step.check else ""
        _line(pdf, f"{step.at.astimezone(zone):%d.%m.%Y %H:%M} {step.who} {check}{what}", 8)
    pdf.ln(1)


def _head(pdf: Any, text: str) -> None:
    pdf.ln(3)
    _line(pdf, text, 12, bold=True)


def _line(pdf: Any, text: str, size: int = 10, *, bold: bool = False) -> None:
    pdf.set_font("Plex", "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.52, text, align="L", new_x="LMARGIN", new_y="NEXT")
