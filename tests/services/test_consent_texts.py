"""What a young person is asked, in seven languages, and the page they take home."""

from __future__ import annotations

import json
import unicodedata
from datetime import date

import pytest
from fontTools.ttLib import TTFont

from goes_mobile.cli.demo.phrases import SIGNATURE
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import assets, codes
from goes_mobile.services import consent_sheet, consent_texts, consents, letters, people
from goes_mobile.services.consent_texts import LANGUAGES, Recipient, Terms, compose
from tests.services.team import Member

ADLER = Recipient(name="Frau Adler", office="Bäckerei Steiner")


def asked(language: str, purpose: str = "handover", version: str = "", until: date | None = date(2027, 5, 31)):
    terms = Terms(purpose, ["identity", "contact"], [ADLER], until, "Workmobil", "Mutter")
    return compose(terms, language, version)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    german = json.loads(assets.read("consents/de.json"))["versions"]["1"]
    told = json.loads(assets.read(f"consents/{language}.json"))["versions"]
    assert language in codes.codes("language")
    for version in told.values():
        assert version.keys() == german.keys()
        assert version["draft"]
        assert version["purposes"].keys() == codes.codes("purpose").keys()
        assert version["categories"].keys() == version["left_out"].keys() == codes.codes("data_category").keys()
        for key, word in german.items():
            if isinstance(word, str):
                assert version[key]
                assert ("{" in word) == ("{" in version[key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_says_what_with_whom_and_until_when(language: str) -> None:
    text = asked(language)
    assert [letters.plain(line) for line in text.receivers[:1]] == [f"Frau Adler{text.said['between']}Bäckerei Steiner"]
    assert text.receivers[1] == text.said["nobody_else"]
    assert len(text.categories) == 2
    assert "31" in text.until
    assert "2027" in text.until
    assert text.left_out
    assert asked(language, until=None).until == text.said["no_end"]
    assert asked(language, purpose="support").title != text.title


def test_what_is_noted_for_the_help_stays_with_the_team() -> None:
    text = compose(Terms("support", ["identity"], [], None, "Workmobil"), "de")
    assert [letters.plain(line) for line in text.receivers] == ["Nur wir vom Team: Workmobil", "Sonst niemand."]


def test_a_version_this_program_does_not_have_is_read_in_the_newest() -> None:
    assert asked("ar", version="999").version == consent_texts.newest("ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_typeface_has_every_sign_that_a_page_needs(language: str) -> None:
    signs = {
        sign
        for name in ("IBMPlexSans", "IBMPlexSansArabic")
        for sign in TTFont(assets.directory() / "fonts" / f"{name}_400Regular.ttf").getBestCmap()
    }
    words = assets.read(f"consents/{language}.json")
    assert [sign for sign in letters.plain(letters.joined(words)) if sign != "\n" and ord(sign) not in signs] == []


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("سلام", ["alone", "final", "initial"]),  # lam and alef are one sign
        ("می‌خواهی", ["final", "initial", "alone", "final", "initial", "final", "initial"]),
        ("شكرًا", ["alone", "final", "medial", "initial"]),
    ],
)
def test_arabic_letters_join_and_run_to_the_left(text: str, forms: list[str]) -> None:
    names = [unicodedata.name(sign) for sign in letters.drawn(letters.joined(text), right_to_left=True)]
    assert [name.split()[-2].lower() if name.endswith(" FORM") else "alone" for name in names] == forms


def test_names_and_numbers_keep_their_own_direction() -> None:
    sentence = f"صالح: {letters.apart('Frau (Adler)')} 2027"
    assert letters.drawn(letters.joined(sentence), right_to_left=True).startswith("2027 Frau (Adler) :")


@pytest.mark.parametrize("language", ["de", "ar", "fa"])
@pytest.mark.parametrize(
    "alias", ["O’Löwe", "محمد علي", "F", "🦅 Falke 👨‍👩‍👧", "Žofia-Yıldız " + "x" * 180], ids=range(5)
)
def test_any_name_comes_into_the_signed_page(jana: Member, alias: str, language: str) -> None:
    person = jana.made(people.create, people.PersonForm(alias, birth_year=2012))
    form = consents.ConsentForm(
        "handover", ["identity"], [Recipient(name=alias, office="Jobcenter")], form="signed_here", language=language,
        signature=SIGNATURE, guardian=alias,
    )  # fmt: skip
    told = jana.ask(consent_sheet.parts, jana.made(consents.give, person, form))
    assert [part.text.language for part in told] == list(dict.fromkeys([language, "de"]))
    assert (told[0].text.version, told[0].signature) == ("1", SIGNATURE)
    assert consent_sheet.as_pdf(told).startswith(b"%PDF-")


def test_a_page_shows_one_mark_for_what_the_typeface_lacks() -> None:
    assert letters.plain(letters.known("Falke 🦅👨‍👩‍👧 x", str.isascii)) == "Falke \ufffd x"


def test_a_word_wider_than_the_page_is_broken() -> None:
    assert list(letters.lines("eins " + "x" * 25 + " zwei", 10, len)) == ["eins", "x" * 10, "x" * 10, "xxxxx zwei"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (consents.ConsentForm(form="signed_here", language="uk"), "needs_signature"),
        (consents.ConsentForm(purpose="sgb_2"), "needs_recipient"),
        (
            consents.ConsentForm(purpose="sgb_2", recipients=[Recipient(name=" ", office="Jobcenter")]),
            "needs_recipient",
        ),
    ],
)
def test_a_consent_needs_ink_and_a_named_person(jana: Member, form: consents.ConsentForm, code: str) -> None:
    person = jana.made(people.create, people.PersonForm("Falke"))
    with pytest.raises(InputRefused) as refused:
        jana.ask(consents.give, person, form)
    assert refused.value.code == code
