"""The recovery sheet: a page to print, and read again from what was typed or kept as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from goes_mobile.protocol.codes import SHEET_BYTES, RecoverySheet
from goes_mobile.records import assets

GROUPS = -(-SHEET_BYTES * 8 // 20)
_GROUP = r"[0-9A-Za-z]{5}"
_BETWEEN = r"[\s\-‐‑‒–—―−]+(?:\d{1,2}\s+)?"  # the page numbers its groups
_WORDS = re.compile(rf"(?<![0-9A-Za-z])(?:{_GROUP}{_BETWEEN}){{{GROUPS - 1}}}{_GROUP}(?![0-9A-Za-z])")
_NUMBER = re.compile(r"(?<!\S)\d{1,2}\s")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class SheetText:
    """What stands on a sheet: the secret, and where the server is (empty if it does not say)."""

    sheet: RecoverySheet
    server: str


def read_sheet(text: str) -> SheetText:
    """The sheet in a text: its groups alone, or the whole page as it was copied. :class:`Malformed` names a wrong group
    (``code_typo``), or says how many there should be (``code_length``)."""
    address = _ADDRESS.search(text)
    server = address.group().rstrip("/.,;") if address else ""
    lines = [line for line in text.splitlines() if not _ADDRESS.search(line)]
    whole = _WORDS.search("\n".join(lines))
    words = _NUMBER.sub("", whole.group()) if whole else "\n".join(lines)
    return SheetText(RecoverySheet.typed(words), server)


# -- the page -------------------------------------------------------------------------------------------------------

_WHAT = (
    "Gehen alle Geräte verloren, öffnet nur dieses Blatt die Daten wieder. Und es hilft, wenn jemand die PIN vergessen "
    "hat und keine Leitung mehr da ist.",
    "If all devices are lost, this sheet alone opens the data again. It also helps if somebody has forgotten their PIN "
    "and no supervisor is left.",
)
_WHERE = (
    "Wer dieses Blatt hat, kann alles lesen. In einen verschlossenen Umschlag, in den Tresor. Nicht fotografieren, "
    "nicht kopieren, nicht einscannen. Einmal im Jahr nachsehen: Ist es da, ist der Umschlag zu, ist es lesbar?",
    "Whoever has this sheet can read everything. Into a sealed envelope, into the safe. No photograph, no copy, no "
    "scan. Look once a year: is it there, sealed, and legible?",
)
_HOW = (
    "Neues Gerät, Programm öffnen, „Mit dem Wiederherstellungsblatt“. Adresse und Gruppen eingeben; groß und klein ist "
    "gleich. Das letzte Zeichen jeder Gruppe prüft die anderen: das Programm sagt, welche Gruppe nicht stimmt.",
    "New device, open the program, “With the recovery sheet”. Type the address and the groups, in capitals or not. The "
    "last character of each group checks the others: the program says which group is wrong.",
)
_GREY = 110


def as_pdf(words: str, organisation: str, server: str, made_on: date) -> bytes:
    """One page A4, German and English; made in memory and needing no network. The QR code says what the page says."""
    from fpdf import FPDF

    fonts = assets.directory() / "fonts"
    pdf = FPDF(format="A4")
    pdf.set_title("Wiederherstellungsblatt")
    pdf.set_auto_page_break(False)
    pdf.set_margin(20)
    pdf.add_font("Plex", "", fonts / "IBMPlexSans_400Regular.ttf")
    pdf.add_font("Plex", "B", fonts / "IBMPlexSans_600SemiBold.ttf")
    pdf.add_page()
    _line(pdf, "Wiederherstellungsblatt", "B", 22, 11)
    _line(pdf, "Recovery sheet · GO!ES mobil", "", 12, 7, _GREY)
    _line(pdf, f"{organisation} · {made_on:%d.%m.%Y}", "B", 12, 9)
    pdf.ln(3)
    _qr(pdf, f"{server}\n{words}", pdf.epw + pdf.l_margin - 52, pdf.get_y(), 52)
    for number, group in enumerate(words.split("-")):
        pdf.set_x(pdf.l_margin + 38 * (number % 3))
        _group(pdf, number + 1, group)
        if number % 3 == 2:
            pdf.ln(11)
    pdf.ln(15)
    _line(pdf, "Server", "", 10, 5, _GREY)
    _line(pdf, server, "B", 12, 8)
    for title, (german, english) in (("Wofür", _WHAT), ("Wo es liegt", _WHERE), ("Wie es geht", _HOW)):
        pdf.ln(4)
        _line(pdf, title, "B", 12, 7)
        _line(pdf, german, "", 11, 5.5)
        _line(pdf, english, "", 9, 4.6, _GREY)
    return bytes(pdf.output())


def _line(pdf: Any, text: str, style: str, size: float, height: float, grey: int = 0) -> None:
    pdf.set_font("Plex", style, size)
    pdf.set_text_color(grey)
    pdf.multi_cell(0, height, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _group(pdf: Any, number: int, group: str) -> None:
    pdf.set_font("Plex", "", 8)
    pdf.set_text_color(_GREY)
    pdf.cell(6, 9, str(number), align="R")
    pdf.set_font("Plex", "B", 16)
    pdf.set_text_color(0)
    pdf.cell(28, 9, group)


def _qr(pdf: Any, text: str, left: float, top: float, width: float) -> None:
    """Drawn as squares: a picture would need a file, or a library that draws one."""
    import segno

    rows = list(segno.make(text, error="m").matrix)
    size = width / len(rows)
    pdf.set_fill_color(0)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                pdf.rect(left + x * size, top + y * size, size + 0.02, size + 0.02, style="F")
