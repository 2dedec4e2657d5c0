"""A consent as a page to hand out or to keep: in the language it was read in, with the signature, then in German."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import assets, strokes
from goes_mobile.records.consent import Consent
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import consents, letters
from goes_mobile.services.consent_texts import ConsentText
from goes_mobile.services.desk import Desk

_GREY = 110
_MARGIN = 22
_SIGNATURE_MM = 90


@dataclass(frozen=True, slots=True)
class SheetPart:
    """The consent in one language."""

    text: ConsentText
    who: str = field(repr=False)
    given_on: date
    revoked_on: date | None
    form: str
    signature: str = field(repr=False)


def parts(desk: Desk, consent: str) -> list[SheetPart]:
    """In its own language first; German follows, for the office that reads it."""
    found = desk.read.get(Consent, consent)
    if found is None:
        raise InputRefused("unknown_record", field="consent")
    own = found.language or "de"
    who = _who(desk, found.person)
    return [
        SheetPart(
            consents.text_of(desk, found, language), who, found.given_on, found.revoked_on, found.form or "",
            found.signature,
        )
        for language in dict.fromkeys((own, "de"))
    ]  # fmt: skip


def _who(desk: Desk, person: str) -> str:
    """The alias, and the name while it may be shown."""
    found = desk.read.get(YoungPerson, person)
    if found is None:
        return ""
    name = f"{found.given_name} {found.family_name}".strip() if "identity" in consents.allowed(desk, person) else ""
    return f"{letters.apart(found.alias)} ({letters.apart(name)})" if name else letters.apart(found.alias)


def as_pdf(told: list[SheetPart]) -> bytes:
    """A page A4 for each language (more if it is long), made in memory."""
    from fpdf import FPDF

    fonts = assets.directory() / "fonts"
    pdf = FPDF(format="A4")
    pdf.set_title("Einwilligung")  # no name: titles show up in windows and histories
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(True, 18)
    for family, file in (("Plex", "IBMPlexSans"), ("Arabic", "IBMPlexSansArabic")):
        pdf.add_font(family, "", fonts / f"{file}_400Regular.ttf")
        pdf.add_font(family, "B", fonts / f"{file}_600SemiBold.ttf")
    for part in told:
        pdf.add_page()
        _Page(pdf, part).write()
    return bytes(pdf.output())


class _Page:
    """One language's page. Right-to-left texts begin at the right; the signature is never mirrored."""

    def __init__(self, pdf: Any, part: SheetPart) -> None:
        self.pdf, self.part, self.text = pdf, part, part.text
        self.family, other = ("Arabic", "Plex") if self.text.right_to_left else ("Plex", "Arabic")
        pdf.set_font(self.family)
        pdf.set_fallback_fonts([other], exact_match=False)
        self.signs = {*pdf.fonts["plex"].cmap, *pdf.fonts["arabic"].cmap}

    def write(self) -> None:
        said, part, text = self.text.said, self.part, self.text
        self.line(said["draft"], 9, grey=True)
        self.line(said["heading"], 11, bold=True, above=3)
        self.line(text.title, 20, bold=True)
        self.line(f"{said['person']}: {part.who}", 12, above=1)
        self.line(said["you_decide"], 12, above=3)
        self.line(said["still_help"], 12)
        self.block(said["who"], text.receivers)
        self.block(said["what"], [f"– {category}" for category in text.categories], text.left_out)
        self.block(said["why"], [text.purpose, text.until], text.guardian)
        given = (text.day("given_on", part.given_on), said.get(part.form, ""))
        self.line(said["between"].join(filter(None, given)), 12, bold=True, above=6)
        if part.revoked_on is not None:
            self.line(text.day("revoked_on", part.revoked_on), 12, bold=True)
        self.sign()
        self.line(said["version"].format(version=f"{text.language} {text.version}"), 9, grey=True, above=4)

    def block(self, title: str, lines: list[str], after: str = "") -> None:
        self.line(title, 10, above=5, grey=True)
        for line in lines:
            self.line(line, 12, bold=True)
        if after:
            self.line(after, 11)

    def line(self, text: str, size: float, *, bold: bool = False, above: float = 0, grey: bool = False) -> None:
        pdf = self.pdf
        pdf.set_font(self.family, "B" if bold else "", size)
        pdf.set_text_color(_GREY if grey else 0)
        pdf.ln(above)
        shaped = letters.known(letters.joined(text), lambda sign: ord(sign) in self.signs)
        turned = self.text.right_to_left
        # A hair narrower than the page: the writer breaks a line of exactly its width itself.
        for line in letters.lines(shaped, pdf.epw - 1, lambda line: pdf.get_string_width(letters.plain(line))):
            pdf.cell(
                0, size * 0.55, letters.drawn(line, turned), align="R" if turned else "L",
                new_x="LMARGIN", new_y="NEXT",
            )  # fmt: skip

    def sign(self) -> None:
        drawn = strokes.read(self.part.signature)
        if not drawn:
            return
        pdf, scale = self.pdf, _SIGNATURE_MM / strokes.UNIT
        high = strokes.height(drawn) * scale
        if pdf.get_y() + high + 6 > pdf.page_break_trigger:
            pdf.add_page()
        left = pdf.w - pdf.r_margin - _SIGNATURE_MM if self.text.right_to_left else pdf.l_margin
        top = pdf.get_y() + 3
        pdf.set_line_width(0.5)
        for stroke in drawn:
            points = [(left + p.x * scale, top + p.y * scale) for p in stroke]
            # A dot is a stroke of one point; drawn as a line it would be nothing.
            pdf.polyline(points if len(points) > 1 else [points[0], (points[0][0] + 0.3, points[0][1])])
        pdf.set_line_width(0.2)
        pdf.line(left, top + high + 2, left + _SIGNATURE_MM, top + high + 2)
        pdf.set_y(top + high + 4)
