"""Two people at one record: what merges by itself and what becomes a question."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from goes_mobile.records import Plus, can_conflict, flatten
from tests.records.editing import NOW, Device, together


def pair(kind: str = "encounter", **values: object) -> tuple[Device, Device]:
    """Two devices that have the same record."""
    tablet, phone = Device("tablet", kind), Device("phone", kind)
    tablet.write(**values)
    phone.receive(tablet)
    return tablet, phone


def test_topics_of_two_people_are_all_kept() -> None:
    tablet, phone = pair(at=NOW, topics=["school"])
    tablet.save_form(tablet.row, {"topics": ["school", "housing"]})
    phone.save_form(phone.row, {"topics": ["debts"]})
    together(tablet, phone)
    assert tablet.row["topics"] == phone.row["topics"] == ["debts", "housing"]
    assert tablet.row["conflicts"] == ""


def test_an_element_added_again_wins_over_its_removal() -> None:
    tablet, phone = pair(at=NOW, topics=["school"])
    phone.put({"topics/school": False})
    phone.put({"topics/school": True})
    tablet.put({"topics/school": False})
    together(tablet, phone)
    assert tablet.row["topics"] == phone.row["topics"] == ["school"]


def test_a_colleagues_topic_stays_when_an_old_form_is_saved() -> None:
    tablet, phone = pair(at=NOW, topics=["school"])
    form = tablet.row
    phone.put({"topics/work": True})
    together(tablet, phone)
    tablet.save_form(form, {"topics": ["housing"]})
    assert tablet.row["topics"] == ["housing", "work"]


def test_counts_of_two_people_add_up() -> None:
    tablet, phone = pair(at=NOW, head_counts={"age_14_17": {"female": 2}})
    assert tablet.put({"head_counts/age_14_17/female": Plus(1)}) == {"head_counts/age_14_17/female/tablet": 3}
    assert phone.put({"head_counts/age_14_17/female": Plus(2)}) == {"head_counts/age_14_17/female/phone": 2}
    together(tablet, phone)
    assert phone.row["head_counts"] == {"age_14_17": {"female": 5}}
    assert phone.row["conflicts"] == ""


def test_a_count_can_be_set_to_what_it_should_show() -> None:
    tablet, phone = pair(at=NOW, head_counts={"age_14_17": {"female": 2}})
    phone.put({"head_counts/age_14_17/female": 7})
    assert phone.row["head_counts"] == {"age_14_17": {"female": 7}}
    phone.write(head_counts={"over_27": {"male": 1}})
    assert phone.row["head_counts"] == {"over_27": {"male": 1}}
    together(tablet, phone)
    assert tablet.row["head_counts"] == {"over_27": {"male": 1}}


def test_nobody_counts_below_zero() -> None:
    tablet, phone = pair(at=NOW, head_counts={"age_14_17": {"female": 1}})
    tablet.put({"head_counts/age_14_17/female": Plus(-1)})
    phone.put({"head_counts/age_14_17/female": Plus(-1)})
    together(tablet, phone)
    assert tablet.row["head_counts"] == {}
    tablet.put({"head_counts/age_14_17/female": Plus(1)})
    assert tablet.row["head_counts"] == {"age_14_17": {"female": 1}}


def test_two_people_add_a_stop_and_fill_another() -> None:
    tablet, phone = pair("outing", day="2026-03-01", stops={"a": {"place_name": "Bahnhof Plochingen"}})
    tablet.put({"stops/b/place_name": "ZOB Esslingen", "stops/a/arrived": "2026-03-01T15:00:00+01:00"})
    phone.put({"stops/c/place_name": "Bahnhof Wendlingen", "stops/a/head_count": 7})
    together(tablet, phone)
    stops = tablet.row["stops"]
    assert [visit.place_name for visit in stops.values()] == [
        "Bahnhof Plochingen",
        "ZOB Esslingen",
        "Bahnhof Wendlingen",
    ]
    assert stops["a"].head_count == 7
    assert stops["a"].arrived == datetime(2026, 3, 1, 14, tzinfo=UTC)


def test_two_people_count_at_one_stop() -> None:
    tablet, phone = pair("outing", day="2026-03-01", stops={"a": {"place_name": "Bahnhof Plochingen", "head_count": 1}})
    assert tablet.put({"stops/a/head_count": Plus(2)}) == {"stops/a/head_count/tablet": 3}
    assert phone.put({"stops/a/head_count": Plus(4)}) == {"stops/a/head_count/phone": 4}
    together(tablet, phone)
    assert (tablet.row["stops"]["a"].head_count, tablet.row["conflicts"]) == (7, "")
    phone.put({"stops/a/head_count": 5})
    assert phone.row["stops"]["a"].head_count == 5
    tablet.put({"stops/a/head_count": Plus(1)})
    together(tablet, phone)
    assert tablet.row["stops"]["a"].head_count == 6


def test_a_form_saves_what_was_counted_since_it_was_drawn() -> None:
    tablet, phone = pair("outing", day="2026-03-01", stops={"a": {"place_name": "Bahnhof Plochingen", "head_count": 1}})
    drawn = tablet.row
    phone.put({"stops/a/head_count": Plus(4)})
    together(tablet, phone)
    tablet.save_form(drawn, {"stops": {"a": {"place_name": "Bahnhof Plochingen", "head_count": 3}}})
    assert tablet.row["stops"]["a"].head_count == 7


def test_a_removed_stop_is_gone_and_can_come_back() -> None:
    tablet, _ = pair("outing", day="2026-03-01", stops=[{"place_name": "Plochingen"}, {"place_name": "Wernau"}])
    assert list(tablet.row["stops"]) == ["00000001", "00000002"]
    tablet.put({"stops/00000001/removed": True})
    assert list(tablet.row["stops"]) == ["00000002"]
    tablet.put({"stops/00000001/removed": False})
    assert list(tablet.row["stops"]) == ["00000001", "00000002"]
    assert tablet.write(stops={"00000002": {"place_name": "Wernau"}}) == {"stops/00000001/removed": True}


def test_two_notes_are_a_question_and_choosing_answers_it() -> None:
    tablet, phone = pair(at=NOW, note="alt")
    tablet.write(note="ruhig")
    phone.write(note="aufgeregt")
    together(tablet, phone)
    assert json.loads(tablet.row["conflicts"]) == ["note"]
    assert tablet.row["note"] == phone.row["note"] == "aufgeregt"
    assert tablet.write(note="aufgeregt") == {"note": "aufgeregt"}, "keeping what is shown decides too"
    assert tablet.row["conflicts"] == ""


def test_only_single_values_can_be_a_question() -> None:
    assert can_conflict("encounter", "note")
    assert can_conflict("outing", "stops/a/left")
    assert not can_conflict("encounter", "topics/school")
    assert not can_conflict("encounter", "head_counts/age_14_17/female/tablet")
    assert can_conflict("encounter", "field_of_a_later_version")
    assert can_conflict("kind_of_a_later_version", "anything")


def test_cleared_is_not_the_same_as_never_said() -> None:
    tablet, _ = pair(at=NOW, note="etwas", minutes=20)
    assert tablet.write(note="", minutes=None) == {"note": None, "minutes": None}
    assert (tablet.row["note"], tablet.row["minutes"]) == ("", None)


def test_saying_what_is_so_already_says_nothing() -> None:
    tablet, _ = pair(at=NOW, note="etwas", topics=["school"], draft=True)
    assert tablet.write(note="etwas", topics=["school"], draft=True, at="2026-03-01T14:30:00Z") == {}


def test_deleting_and_taking_it_back_are_single_paths() -> None:
    tablet, _ = pair(at=NOW)
    assert flatten("encounter", {"deleted": True}, "tablet", tablet.registers) == {"deleted": True}
    assert flatten("encounter", {"deleted": False}, "tablet", tablet.registers) == {"deleted": False}
    assert not tablet.row["deleted"]


def test_the_paths_of_a_new_record() -> None:
    assert flatten(
        "encounter",
        {
            "at": "2026-03-01T15:30:00+01:00",
            "topics": {"housing", "work"},
            "head_counts": {"age_14_17": {"female": 2, "male": 0}},
            "next_step_on": "2026-03-08",
            "note": "",
            "mood": None,
        },
        "7f",
    ) == {
        "at": "2026-03-01T14:30:00+00:00",
        "topics/housing": True,
        "topics/work": True,
        "head_counts/age_14_17/female/7f": 2,
        "next_step_on": "2026-03-08",
    }
