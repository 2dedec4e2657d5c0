"""The kinds of records: complete, readable in both languages, each in the stream of its subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from goes_mobile import records
from goes_mobile.protocol.streams import ORG, StreamRef
from goes_mobile.records import (
    FieldRefused,
    can_conflict,
    documentation,
    flatten,
    kind,
    kinds,
    known,
    registry,
    role_table,
    roles,
    stream,
)
from goes_mobile.records.codes import codes
from goes_mobile.records.encounter import apart
from goes_mobile.records.fields import FieldInfo
from tests.records.editing import NOW, RECORD, SITE, person

NOUNS = [
    "absence_episode",
    "access",
    "appointment",
    "attachment",
    "case",
    "case_conference",
    "consent",
    "deletion_request",
    "device",
    "encounter",
    "explanation",
    "goal",
    "material",
    "member",
    "outcome",
    "outing",
    "participation",
    "partner",
    "protection_concern",
    "referral",
    "retention_hold",
    "review",
    "review_answer",
    "service",
    "site",
    "situation",
    "stop",
    "task",
    "tour_plan",
    "young_person",
]
FIELDS = [
    pytest.param(info, id=f"{known_kind.name}.{info.name}")
    for known_kind in kinds()
    for info in (
        *known_kind.all_fields.values(),
        *(inner for info in known_kind.fields.values() for inner in (info.part or {}).values()),
    )
]


def test_every_noun_is_one_file() -> None:
    assert [known_kind.name for known_kind in kinds()] == NOUNS
    for known_kind in kinds():
        assert known_kind.cls.__module__ == f"goes_mobile.records.{known_kind.name}"
        assert known_kind.de
        assert known_kind.en
        assert known_kind.icon.isupper()


@pytest.mark.parametrize("info", FIELDS)
def test_every_field_says_what_it_is(info: FieldInfo) -> None:
    assert info.de
    assert info.en
    if info.codes and info.codes != "kind":
        assert codes(info.codes), "its code list is shipped"
    for code_list in info.cells or ():
        assert codes(code_list)
    if info.ref and info.ref != "*":
        assert known(info.ref)
    assert info.consent is None or (info.consent in codes("data_category") and info.sensitive)
    assert set(info.purposes) <= set(codes("purpose"))
    assert not (info.sensitive and info.counted)
    assert (info.shape == "tally") == (info.cells is not None)


@pytest.mark.parametrize("name", NOUNS)
def test_nothing_in_a_sites_or_the_organisations_stream_names_a_young_person(name: str) -> None:
    naming = [info.name for info in kind(name).fields.values() if info.ref == "young_person"]
    # A protection concern is about somebody and kept out of their file: supervisors alone read that stream.
    if kind(name).stream.__name__ == "of_person":
        return  # what lies in a young person's own stream may name another one
    assert bool(naming) == (kind(name).stream.__name__ in ("by_subject", "of_supervisors"))
    assert set(naming) <= {"person", "people"}, "the stream rule looks at these"


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("member", {}, ORG),
        ("site", {}, ORG),
        ("stop", {}, ORG),
        ("outing", {}, StreamRef("site", SITE)),
        ("young_person", {}, StreamRef("person", RECORD)),
        ("encounter", {"people": []}, StreamRef("site", SITE)),
        ("encounter", {"people": [person(1)]}, StreamRef("person", person(1))),
        ("encounter", {"people": [person(1), person(2)]}, StreamRef("site", SITE)),
        ("participation", {"person": person(1)}, StreamRef("person", person(1))),
        ("consent", {"person": person(1)}, StreamRef("person", person(1))),
        ("task", {"person": None}, StreamRef("site", SITE)),
        ("task", {"person": person(1)}, StreamRef("person", person(1))),
        ("review", {"person": person(1)}, StreamRef("person", person(1))),
        ("review_answer", {}, StreamRef("site", SITE)),
    ],
)
def test_the_stream_follows_the_subject(name: str, values: dict[str, object], expected: StreamRef) -> None:
    assert stream(name, {"id": RECORD, "site": SITE, **values}) == expected


def test_several_known_people_get_a_participation_each() -> None:
    values = {"at": NOW, "people": [person(2), person(1), person(2)], "note": "Gruppe"}
    encounter, people = apart(values)
    assert people == [person(1), person(2)]
    assert "people" not in encounter
    assert flatten("encounter", encounter, "tablet")
    assert apart({"at": NOW, "people": [person(1)]}) == ({"at": NOW, "people": [person(1)]}, [])


def test_who_may_write_what() -> None:
    assert kind("encounter").writers == roles.STAFF
    assert kind("review").writers == {"supervisor"}
    assert kind("member").writers == {"supervisor", "admin"}
    assert kind("site").writers == {"admin"}
    assert set(codes("role")) == roles.STAFF


@pytest.mark.parametrize(
    ("name", "path", "asks"),
    [
        ("encounter", "note", True),
        ("encounter", "topics/housing", False),
        ("encounter", "head_counts/age_14_17/female/x", False),
        ("outing", "stops/a/left", True),
        ("outing", "stops/a/removed", True),
        ("outing", "stops/a/head_count/x", False),
        ("encounter", "field_of_a_later_version", True),
        ("kind_of_a_later_version", "x", True),
    ],
)
def test_only_single_values_can_be_a_question(name: str, path: str, asks: bool) -> None:
    assert can_conflict(name, path) is asks


def test_a_field_that_is_not_there() -> None:
    assert registry.field("encounter", "site").de == "Einrichtung"
    with pytest.raises(FieldRefused, match="encounter has no field mod"):
        registry.field("encounter", "mod")


def test_what_is_public_is_there() -> None:
    assert [name for name in records.__all__ if not hasattr(records, name)] == []


def test_the_documentation_is_up_to_date() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "records.md"
    assert page.read_text(encoding="utf-8") == documentation.page(), documentation.__doc__


def test_the_table_of_roles_is_up_to_date() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "Rollen.md"
    assert page.read_text(encoding="utf-8") == role_table.page(), role_table.__doc__
