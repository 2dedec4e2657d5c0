"""An Auskunft as files: a PDF to read and hand out, JSON to take along."""

from __future__ import annotations

import json
from typing import Any

from goes_mobile.records import assets, codes
from goes_mobile.services.disclosure import Disclosure, Held, plain

_SORTS = {"made": "erfasst", "changed": "geändert", "deleted": "gelöscht", "restored": "wiederhergestellt"}
_GROUPS = {
    "site": "Team der Einrichtung", "site_supervisors": "Leitung der Einrichtung", "org": "alle Mitarbeitenden",
    "coordination": "Koordinierung", "recovery": "Wiederherstellungsblatt im Tresor",
}  # fmt: skip
_CHECK = "[PRÜFEN] "
_FIRST_OF_DAY = "Vermerkt wird je Tag und Gerät der erste Zugriff jeder Art."


def as_json(disclosure: Disclosure) -> bytes:
    return json.dumps(plain(disclosure), ensure_ascii=False, indent=1).encode() + b"\n"


def as_pdf(disclosure: Disclosure) -> bytes:
    """A4, German, in the program's own typeface; what has to be read first is marked."""
    from fpdf import FPDF

    fonts = assets.directory() / "fonts"
    pdf = FPDF(format="A4")
    pdf.set_title("Auskunft")
    pdf.set_creation_date(disclosure.made_at)
    pdf.add_font("Plex", "", fonts / "IBMPlexSans_400Regular.ttf")
    pdf.add_font("Plex", "B", fonts / "IBMPlexSans_600SemiBold.ttf")
    pdf.add_font("Arabic", "", fonts / "IBMPlexSansArabic_400Regular.ttf")
    pdf.set_fallback_fonts(["Arabic"], exact_match=False)
    pdf.add_page()
    _line(pdf, f"Auskunft über gespeicherte Daten: {disclosure.alias}", 16, bold=True)
    _line(pdf, f"Art. 15 und 20 DSGVO. {disclosure.county}, {disclosure.made_at.astimezone():%d.%m.%Y %H:%M}, "
               f"erstellt von {disclosure.made_by}.")  # fmt: skip
    if disclosure.to_check:
        _line(pdf, f"Vor dem Aushändigen lesen: {disclosure.to_check} Texte sind mit {_CHECK.strip()} gekennzeichnet. "
                   "Sie können Angaben über andere enthalten; die werden geschwärzt.", bold=True)  # fmt: skip
    _head(pdf, "Wer die Akte lesen kann")
    for access in disclosure.access:
        where = f" {access.site}" if access.site else ""
        members = f": {', '.join(access.members)}" if access.members else ""
        _line(pdf, f"{_GROUPS.get(access.group, access.group)}{where}{members}")
    _head(pdf, "Wer die Akte geöffnet hat")
    _line(pdf, _FIRST_OF_DAY if disclosure.looks else "Bisher niemand.", 9)
    for look in disclosure.looks:
        said = ", ".join(filter(None, (codes.say("access", look.what, "de"), look.document)))
        who = look.who.name if look.who else "unbekannt"
        _line(pdf, f"{look.at.astimezone():%d.%m.%Y %H:%M} {who} (Gerät {look.device[:8]}): {said}", 8)
    for record in disclosure.records:
        _record(pdf, record)
    return bytes(pdf.output())


def _record(pdf: Any, record: Held) -> None:
    _head(pdf, record.label + (" (gelöscht)" if record.deleted else "") + (" (mit anderen)" if record.shared else ""))
    for item in record.items:
        _line(pdf, f"{item.label}: {_CHECK if item.check else ''}{item.words}")
    if record.steps:
        _line(pdf, "Verlauf", 9, bold=True)
    for step in record.steps:
        _line(
            pdf, f"{step.at.astimezone():%d.%m.%Y %H:%M} {step.who} {_SORTS[step.sort]}: {'; '.join(step.changes)}", 8
        )


def _head(pdf: Any, text: str) -> None:
    pdf.ln(3)
    _line(pdf, text, 12, bold=True)


def _line(pdf: Any, text: str, size: int = 10, *, bold: bool = False) -> None:
    pdf.set_font("Plex", "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.52, text, new_x="LMARGIN", new_y="NEXT")
