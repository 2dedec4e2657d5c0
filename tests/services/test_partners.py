"""Partners: found by what somebody needs, kept up to date, taken to and from other programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import entries, partner_files, partners
from goes_mobile.services.partners import Filter
from tests.services.team import Member, Team

DEBTS = {
    "name": "Schuldnerberatung Nürtingen", "kind": "debt_advice", "topics": ["debts", "benefits"],
    "languages": ["de", "tr"], "municipality": "Nürtingen", "phone": "+49 7022 555-0100", "mail": "rat@example.org",
    "address": "Marktstraße 1", "offers": "Offene Sprechstunde\nohne Termin", "rechtskreis": ["sgb_2"],
    "open_needs": "Beratung am Abend", "people": {"a": {"name": "Frau Öz", "role": "Erstberatung"}},
}  # fmt: skip


def names(member: Member, **narrowed: object) -> list[str]:
    return [line.name for line in member.ask(partners.page, Filter(**narrowed)).lines]  # type: ignore[arg-type]


def test_a_partner_is_found_by_need_place_language_legal_domain_and_words(jana: Member) -> None:
    before = len(jana.ask(partners.page).lines)
    assert before, "the county's partners come with it"
    jana.made(entries.create, "partner", None, DEBTS)
    for narrowed in (
        {"topic": "debts"}, {"municipality": "Nürtingen"}, {"language": "tr"}, {"rechtskreis": "sgb_2"},
        {"needs": True}, {"text": "schulden nuertingen"}, {"text": "oez"}, {"text": "sprechstunde"},
    ):  # fmt: skip
        assert names(jana, **narrowed) == [DEBTS["name"]], narrowed
    assert names(jana, topic="debts", language="fr") == []
    assert len(names(jana)) == before + 1


def test_what_nobody_checked_for_a_year_is_old(jana: Member, team: Team) -> None:
    made = jana.made(entries.create, "partner", None, {"name": "Amt"})
    assert jana.ask(partners.detail, made).line.stale
    jana.do(partners.checked, made)
    assert not jana.ask(partners.detail, made).line.stale
    jana.do(entries.change, "partner", made, {"checked_on": jana.ask(lambda desk: desk.today) - timedelta(days=366)})
    assert jana.ask(partners.detail, made).line.stale


@pytest.mark.parametrize("wanted", ["vcf", "csv"])
def test_what_one_office_writes_another_reads_once(jana: Member, tom: Member, wanted: str) -> None:
    jana.made(entries.create, "partner", None, DEBTS)
    content = jana.ask(partner_files.write, wanted)
    read = tom.ask(partner_files.read, f"partner.{wanted}", content)
    assert [row["name"] for row in read.new] == [DEBTS["name"]]
    assert read.same, "the county's partners are there already"
    row = read.new[0]
    assert {name: row[name] for name in ("phone", "mail", "municipality", "address", "offers")} == {
        name: DEBTS[name] for name in ("phone", "mail", "municipality", "address", "offers")
    }
    tom.do(partner_files.take_in, read.new)
    assert tom.ask(partner_files.read, f"partner.{wanted}", content).new == []
    assert names(tom, text="schuldner sprechstunde") == [DEBTS["name"]]


def test_tables_of_others(jana: Member) -> None:
    old = "Name;Gemeinde;Hilft bei;=Formel\nTreffpunkt Süd;Köngen;leisure;1\n;Ohmden;;\n".encode("cp1252")
    read = jana.ask(partner_files.read, "liste.CSV", old)
    assert read.new == [{"name": "Treffpunkt Süd", "municipality": "Köngen", "topics": ["leisure"]}]
    assert read.refused == [(3, "required")]


def test_a_cell_is_never_a_formula(jana: Member) -> None:
    jana.made(entries.create, "partner", None, {"name": "=cmd()", "phone": "+49 7022 1"})
    table = jana.ask(partner_files.write, "csv").decode("utf-8-sig")
    assert "'=cmd();" in table
    assert ";+49 7022 1;" in table
    assert "=cmd()" in [row["name"] for row in _fresh(jana, table)]


def _fresh(member: Member, table: str) -> list[dict[str, object]]:
    member.do(entries.delete, "partner", next(
        line.id for line in member.ask(partners.page).lines if line.name == "=cmd()"
    ))  # fmt: skip
    return list(member.ask(partner_files.read, "partner.csv", table.encode()).new)


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.vcf", b"\x81\x8d"), ("x.vcf", b"BEGIN:VCARD\nEND"), ("x.csv", b"a;b\n1;2\n"), ("x.csv", b"")],
)
def test_what_is_no_list_of_partners(jana: Member, name: str, content: bytes) -> None:
    with pytest.raises(InputRefused) as refused:
        jana.ask(partner_files.read, name, content)
    assert refused.value.code == "not_a_partner_file"
