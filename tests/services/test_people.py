"""Alias first; names only with a consent; found with typing errors."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, consents, look_up, people, person_file, scripting
from goes_mobile.services.likeness import digits, match, sound
from tests.services.team import Member, Team


def person(member: Member, alias: str, birth_year: int | None = None) -> str:
    return member.made(people.create, people.PersonForm(alias, birth_year, municipality="Plochingen"))


def consented(member: Member, who: str, **named: object) -> str:
    return member.made(consents.give, who, consents.ConsentForm(guardian="Vater", **named))  # type: ignore[arg-type]


@pytest.mark.parametrize(("field", "value"), [
    ("given_name", "Arber"), ("birth_date", date(2009, 4, 1)), ("phone", "0171 2345678"),
    ("safe_contact_note", "Nur Signal"), ("residence_status", "Duldung"),
])  # fmt: skip
def test_identifying_fields_need_a_consent(jana: Member, field: str, value: object) -> None:
    falke = person(jana, "Falke")
    with pytest.raises(InputRefused) as refused:
        jana.ask(people.change, falke, {field: value})
    assert (refused.value.code, refused.value.facts["field"]) == ("needs_consent", field)
    consented(jana, falke, categories=["identity", "contact", "residence"])
    jana.do(people.change, falke, {field: value})
    seen = jana.ask(person_file.detail, falke)
    assert value in (seen.given_name, seen.birth_date, seen.phone, seen.safe_contact, seen.residence_status)


def test_what_does_not_identify_needs_none(jana: Member) -> None:
    falke = person(jana, "Falke")
    jana.do(people.change, falke, {"birth_year": 2009, "gender": "male", "languages": ["de", "sq"]})
    seen = jana.ask(person_file.detail, falke)
    assert (seen.age, seen.gender, seen.languages) == (17, "male", ["de", "sq"])
    assert "given_name" in seen.closed


def test_a_withdrawal_closes_at_once_and_on_every_device(jana: Member, sabine: Member, team: Team) -> None:
    falke = person(jana, "Falke")
    given = consented(jana, falke)
    jana.do(people.change, falke, {"given_name": "Arber", "phone": "0171 2345678"})
    team.everyone_syncs()
    assert sabine.ask(person_file.detail, falke).given_name == "Arber"
    jana.do(consents.withdraw, given)
    team.everyone_syncs()
    seen = sabine.ask(person_file.detail, falke)
    assert (seen.given_name, seen.phone, seen.consent_until) == ("", "", None)
    assert [consent.state for consent in seen.consents] == ["revoked"]
    assert sabine.ask(people.find, "Arber") == []


def test_what_a_device_writes_before_it_hears_of_a_withdrawal_stays_closed(
    jana: Member, sabine: Member, team: Team
) -> None:
    falke = person(jana, "Falke")
    given = consented(jana, falke)
    team.everyone_syncs()
    jana.do(consents.withdraw, given)
    sabine.do(people.change, falke, {"given_name": "Arber", "phone": "0171 2345678"})
    assert sabine.ask(person_file.detail, falke).given_name == "Arber"
    team.everyone_syncs()
    for member in (jana, sabine):
        seen = member.ask(person_file.detail, falke)
        assert (seen.given_name, seen.phone, seen.late) == ("", "", ["given_name", "phone"])
        assert member.ask(people.find, "Arber") == []
        assert member.ask(look_up.everything, "Arber") == []
        assert member.ask(scripting.plain, "young_person", falke)["given_name"] == ""
        assert [row["phone"] for row in member.ask(scripting.listed, "young_person")] == [""]
        with pytest.raises(InputRefused):
            member.ask(people.change, falke, {"family_name": "Berisha"})
    jana.do(consents.clear_late, falke)
    team.everyone_syncs()
    consented(sabine, falke)
    seen = sabine.ask(person_file.detail, falke)
    assert (seen.given_name, seen.late) == ("", [])


def test_an_expired_consent_hides_and_a_new_one_shows_again(jana: Member, team: Team) -> None:
    falke = person(jana, "Falke")
    consented(jana, falke, valid_until=date(2026, 11, 30))
    jana.do(people.change, falke, {"given_name": "Arber"})
    team.tick(int(timedelta(days=10).total_seconds() * 1000))
    seen = jana.ask(person_file.detail, falke)
    assert (seen.given_name, [c.state for c in seen.consents]) == ("", ["expired"])
    consented(jana, falke)
    assert jana.ask(person_file.detail, falke).given_name == "Arber"


def test_a_guardian_consents_too_below_the_countys_age(jana: Member) -> None:
    child = person(jana, "Spatz", 2014)
    with pytest.raises(InputRefused) as refused:
        jana.ask(consents.give, child, consents.ConsentForm())
    assert refused.value.code == "needs_guardian"
    jana.do(consents.give, child, consents.ConsentForm(guardian="Mutter"))
    assert jana.ask(person_file.detail, child).consent_until == date.max


def test_found_by_alias_name_sound_and_phone(jana: Member) -> None:
    meier = person(jana, "Falke", 2008)
    consented(jana, meier)
    jana.do(people.change, meier, {"given_name": "Lukas", "family_name": "Meier", "phone": "+49 171 2345678"})
    person(jana, "Luna", 2007)
    for typed in ("Fal", "falk", "Meyer", "lukas", "2345678", "Falcke"):
        assert [line.alias for line in jana.ask(people.find, typed)][:1] == ["Falke"], typed
    assert jana.ask(people.find, "Xaver") == []


def test_the_same_person_is_asked_about_while_typing(jana: Member) -> None:
    person(jana, "Mika B.", 2010)
    assert [(s.line.alias, s.why) for s in jana.ask(people.similar, "Mikka B", birth_year=2010)] == [
        ("Mika B.", ["name", "birth_year"])
    ]
    assert jana.ask(people.similar, "Yusuf", birth_year=2010) == []


@pytest.mark.parametrize(("known", "typed"), [
    ("Юсуф", "Jussuf"), ("Mohammed", "محمد"), ("Mykhailo", "Михайло"), ("Yıldız", "Yildis"), ("Hussein", "حسین"),
    ("Schmitz, Kai", "Kai Schmits"),
])  # fmt: skip
def test_a_name_is_known_again_however_it_is_written(jana: Member, known: str, typed: str) -> None:
    person(jana, known)
    person(jana, "Mandy")
    assert [s.line.alias for s in jana.ask(people.similar, typed)][:1] == [known]


@pytest.mark.parametrize("typed", [
    "0171 2345678", "+49 (0)171/234 56 78", "0049171-2345678", "491712345678", "171 2345678", "٠١٧١٢٣٤٥٦٧٨",
])  # fmt: skip
def test_a_phone_number_is_known_again_in_every_style(jana: Member, typed: str) -> None:
    falke = person(jana, "Falke")
    given = consented(jana, falke)
    jana.do(people.change, falke, {"phone": "0171/2345678"})
    assert [(s.line.id, s.why) for s in jana.ask(people.similar, "Xaver", phone=typed)] == [(falke, ["phone"])]
    jana.do(people.change, falke, {"phone": "0172 7654321"})
    assert jana.ask(people.similar, "Xaver", phone=typed) == []
    jana.do(people.change, falke, {"phone": typed})
    jana.do(consents.withdraw, given)
    assert jana.ask(people.similar, "Xaver", phone="0171 2345678") == []


def test_mine_open_and_all(jana: Member, aylin: Member, team: Team) -> None:
    mine, theirs = person(jana, "Falke"), person(aylin, "Luna")
    team.everyone_syncs()
    draft = jana.ask(capture.new_draft, mine)
    draft.next_step = "Anrufen"
    jana.do(capture.save, draft)
    page = jana.ask(people.lines)
    assert ([line.alias for line in page.lines], page.mine, page.open, page.all) == (["Falke"], 1, 1, 2)
    assert page.lines[0].last_contact == draft.at
    assert {line.id for line in jana.ask(people.lines, "all").lines} == {mine, theirs}
    assert [line.alias for line in jana.ask(people.lines, "all", "lun").lines] == ["Luna"]
    assert jana.ask(people.lines, "all", limit=1).more


def test_an_alias_is_needed(jana: Member) -> None:
    with pytest.raises(InputRefused) as refused:
        jana.ask(people.create, people.PersonForm("  "))
    assert refused.value.facts["field"] == "alias"


def test_a_person_from_a_group_has_it_in_the_timeline(jana: Member) -> None:
    falke = person(jana, "Falke")
    draft = jana.ask(capture.new_draft, falke)
    draft.setting, draft.note = "group", "Viel los."
    capture.tap(draft, "age_14_17", "male")
    draft.people[0].note = "Fragt nach einem Praktikum."
    jana.do(capture.save, draft)
    seen = jana.ask(person_file.detail, falke)
    assert [(item.kind, item.text) for item in seen.timeline] == [("participation", "Fragt nach einem Praktikum.")]
    assert (seen.encounters, seen.last_contact) == (1, draft.at)


@pytest.mark.parametrize(
    ("a", "b"), [("Meier", "Mayr"), ("Schmidt", "Schmitt"), ("Yildiz", "Yıldız"), ("Philipp", "Filip")]
)
def test_names_that_sound_alike(a: str, b: str) -> None:
    assert sound(a) == sound(b)
    assert match(a, b) >= 80


def test_phone_numbers_are_compared_by_their_digits() -> None:
    assert digits("+49 (171) 23-45") == digits("0171 2345") == digits("0049171 2345")
