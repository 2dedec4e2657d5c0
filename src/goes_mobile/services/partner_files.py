"""Partners to and from other programs: vCard (RFC 6350's older brother 3.0, which every address book reads) and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import vobject

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import registry
from goes_mobile.records.partner import Partner
from goes_mobile.services import partners
from goes_mobile.services.desk import Desk
from goes_mobile.services.likeness import fold
from goes_mobile.store.change import Change

PLAIN = ("name", "kind", "offers", "threshold", "open_needs", "phone", "mail", "web", "address", "municipality",
         "hours", "checked_on")  # fmt: skip
SETS = ("rechtskreis", "topics", "languages")
_BETWEEN = ";"
_MARKS = ("=", "+", "-", "@")
"""What a spreadsheet would take for a formula."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file brings. ``same``: partners that are there already, by name and municipality, and stay as they are."""

    new: list[dict[str, Any]]
    same: int
    refused: list[tuple[int, str]]
    """Line (or card) and the refusal's code."""


def write(desk: Desk, wanted: Literal["vcf", "csv"]) -> bytes:
    """Every partner, as a file's content."""
    found = partners.alive(desk)
    return "".join(_card(one) for one in found).encode() if wanted == "vcf" else _table(found)


def _card(one: Partner) -> str:
    card = vobject.vCard()
    card.add("fn").value = one.name
    card.add("n").value = vobject.vcard.Name(family=one.name)
    card.add("org").value = [one.name]
    address = vobject.vcard.Address(street=one.address, city=one.municipality)
    for name, value in (("tel", one.phone), ("email", one.mail), ("url", one.web), ("note", one.offers)):
        if value:
            card.add(name).value = value
    if one.address or one.municipality:
        card.add("adr").value = address
    return str(card.serialize())


def _table(found: list[Partner]) -> bytes:
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";")
    table.writerow([*PLAIN, *SETS])
    for one in found:
        plain = [_safe(getattr(one, name)) for name in PLAIN]
        table.writerow([*plain, *(_BETWEEN.join(getattr(one, name)) for name in SETS)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # the mark tells spreadsheets that it is UTF-8


def _safe(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_MARKS) and not text.removeprefix("+").replace(" ", "").isdigit() else text


def read(desk: Desk, name: str, content: bytes) -> TakenIn:
    """What a vCard or CSV file would bring; nothing is written. Raises ``not_a_partner_file``."""
    rows = _cards(content) if name.lower().endswith((".vcf", ".vcard")) else _rows(content)
    there = {_key(one.name, one.municipality) for one in partners.alive(desk)}
    new: list[dict[str, Any]] = []
    refused: list[tuple[int, str]] = []
    same = 0
    for number, values in rows:
        key = _key(str(values.get("name", "")), str(values.get("municipality", "")))
        if not key[0]:
            refused.append((number, "required"))
        elif key in there:
            same += 1
        else:
            there.add(key)
            new.append({name: value for name, value in values.items() if value not in ("", [])})
    return TakenIn(new, same, refused)


def _key(name: str, municipality: str) -> tuple[str, str]:
    return fold(name), fold(municipality)


def take_in(desk: Desk, rows: list[dict[str, Any]]) -> list[Change]:
    """The new partners of :func:`read`."""
    site = {"site": desk.me.site} if desk.me.site else {}
    return [Change("partner", desk.new_id(), {**row, **site}) for row in rows]


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputRefused("not_a_partner_file", field="file")


def _cards(content: bytes) -> list[tuple[int, dict[str, Any]]]:
    try:
        found = list(vobject.readComponents(_text(content), ignoreUnreadable=True))
    except (vobject.base.ParseError, UnicodeError, ValueError):
        raise InputRefused("not_a_partner_file", field="file") from None
    return [(number, _from_card(card)) for number, card in enumerate(found, start=1) if card.name == "VCARD"]


def _from_card(card: Any) -> dict[str, Any]:
    def first(name: str) -> Any:
        return card.contents[name][0].value if name in card.contents else ""

    organisation, address = first("org"), first("adr")
    person = str(first("fn"))
    name = str(organisation[0]) if organisation else person
    values: dict[str, Any] = {
        "name": name, "phone": str(first("tel")), "mail": str(first("email")), "web": str(first("url")),
        "offers": str(first("note")),
    }  # fmt: skip
    if address:
        values |= {"address": _line(address.street), "municipality": _line(address.city)}
    if person and person != name:
        values["people"] = [{"name": person, "role": str(first("title"))}]
    return values


def _line(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _rows(content: bytes) -> list[tuple[int, dict[str, Any]]]:
    text = _text(content)
    head = text.partition("\n")[0]
    between = max((";", ",", "\t"), key=head.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=between)
    columns = _columns(table.fieldnames or ())
    if "name" not in columns.values():
        raise InputRefused("not_a_partner_file", field="file")
    return [(number, _from_row(row, columns)) for number, row in enumerate(table, start=2)]


def _columns(headings: Any) -> dict[str, str]:
    """Heading to field: by the field's name or by what people call it, in German or English."""
    fields = registry.kind("partner").fields
    called = {fold(words): name for name in (*PLAIN, *SETS) for words in (name, fields[name].de, fields[name].en)}
    return {heading: called[fold(heading)] for heading in headings if heading and fold(heading) in called}


def _from_row(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for heading, name in columns.items():
        value = str(row.get(heading) or "").strip().removeprefix("'")
        values[name] = [code.strip() for code in value.split(_BETWEEN) if code.strip()] if name in SETS else value
    return values
