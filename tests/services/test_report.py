"""The funder's report: what is counted, what is hidden, and that it can be repeated."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, encounters, report, report_files
from goes_mobile.services.desk import Desk
from goes_mobile.store.change import Change
from tests.services.team import MOBILE, OFFICE, Member, Team

START, END = date(2026, 11, 1), date(2026, 11, 30)


def written(member: Member, count: int, **values: Any) -> None:
    def plan(desk: Desk) -> list[Change]:
        changes = []
        for _ in range(count):
            draft = capture.new_draft(desk)
            for name, value in values.items():
                setattr(draft, name, value)
            changes += capture.save(desk, draft)
        return changes

    member.do(plan)


def figures(made: report.Report) -> dict[str, str]:
    return {figure.code: figure.cell.shown for figure in made.figures}


def column(made: report.Report, table: str, code: str = "encounters") -> dict[str, str]:
    found = next(t for t in made.tables if t.code == table)
    index = [name for name, _ in found.columns].index(code)
    return {row.code: row.cells[index].shown for row in found.rows}


def test_what_is_counted(jana: Member) -> None:
    written(
        jana, 6, work_form="street_work", place="street", topics=["housing", "debts"], age="age_14_17", gender="female"
    )
    written(jana, 7, work_form="single_advice", place="school", topics=["housing"], age="age_21_24", gender="male")
    written(jana, 5, work_form="street_work", place="street", setting="group",
            counts={"under_14": {"male": 2}, "age_14_17": {"female": 1, "male": 3}})  # fmt: skip
    made = jana.ask(report.funder, START, END)
    assert figures(made) == {
        "encounters": "18", "people": "43", "inside": "33", "under_14": "10", "over_27": "0", "unknown": "0",
        "known": "0",
    }  # fmt: skip
    assert column(made, "work_form")["street_work"] == "11"
    assert {k: v for k, v in column(made, "topic").items() if v != "0"} == {"housing": "13", "debts": "6"}
    assert column(made, "place")["school"] == "7"
    assert column(made, "site") == {MOBILE: "18"}
    assert column(made, "month", "street") == {"2026-11": "11"}
    assert column(made, "age_gender", "female")["age_14_17"] == "11"
    assert column(made, "age_gender", "total")["total"] == "43"


def test_a_period_and_its_edges(jana: Member) -> None:
    noon = jana.ask(lambda desk: desk.starts(date(2026, 11, 1)))
    written(jana, 5, at=noon)
    written(jana, 6, at=noon - timedelta(minutes=1))
    assert figures(jana.ask(report.funder, START, END))["encounters"] == "5"
    assert figures(jana.ask(report.funder, date(2026, 10, 31), date(2026, 10, 31)))["encounters"] == "6"
    assert list(column(jana.ask(report.funder, date(2026, 10, 1), END), "month", "total")) == ["2026-10", "2026-11"]
    with pytest.raises(InputRefused):
        jana.ask(report.funder, END, START)


def test_only_the_sites_asked_for(jana: Member, tom: Member, sabine: Member, team: Team) -> None:
    written(jana, 6)
    written(tom, 8)
    team.everyone_syncs()
    assert figures(sabine.ask(report.funder, START, END))["encounters"] == "14"
    assert figures(sabine.ask(report.funder, START, END, [OFFICE]))["encounters"] == "8"
    assert figures(tom.ask(report.funder, START, END))["encounters"] == "8"


def test_small_numbers_are_hidden_and_so_is_what_would_give_them_away(jana: Member) -> None:
    written(jana, 3, place="home")
    written(jana, 20, place="street")
    written(jana, 9, place="school")
    made = jana.ask(report.funder, START, END)
    places = {code: shown for code, shown in column(made, "place").items() if shown != "0"}
    assert places == {"home": "<5", "school": "·", "street": "20"}
    assert figures(made)["encounters"] == "32"


def test_a_report_with_next_to_nothing_in_it(jana: Member) -> None:
    written(jana, 2, place="home")
    made = jana.ask(report.funder, START, END)
    shown = {cell.shown for table in made.tables for row in table.rows for cell in row.cells} | set(
        figures(made).values()
    )
    assert shown <= {"0", "<5", "·"}


def test_known_people_count_once_and_by_their_file(jana: Member, team: Team) -> None:
    def plan(desk: Desk) -> list[Change]:
        drafts = []
        for number in range(6):
            draft = capture.new_draft(desk)
            draft.people = [capture.new_person(desk, f"Nr. {number}", 2009, "male")]
            drafts.append(draft)
        again = capture.new_draft(desk)
        again.people = [capture.DraftPerson(drafts[0].people[0].id, "Nr. 0")]
        return [change for draft in [*drafts, again] for change in capture.save(desk, draft)]

    jana.do(plan)
    made = jana.ask(report.funder, START, END)
    assert (figures(made)["known"], figures(made)["people"]) == ("6", "7")
    assert column(made, "age_gender", "male")["age_14_17"] == "7"


def test_deleted_ones_and_codes_of_other_versions(jana: Member) -> None:
    written(jana, 6, place="moon_base", topics=["hoverboards"])
    gone = jana.ask(encounters.lines).lines[0].id
    jana.do(encounters.delete, gone)
    made = jana.ask(report.funder, START, END)
    assert (column(made, "place")["moon_base"], column(made, "topic")["hoverboards"]) == ("5", "5")


def test_the_check_sum_is_of_the_figures_alone(jana: Member, sabine: Member, team: Team) -> None:
    written(jana, 12, place="street")
    team.everyone_syncs()
    first = jana.ask(report.funder, START, END)
    team.tick()
    german, english = (jana.ask(lambda desk, lang=lang: _in(desk, lang)) for lang in ("de", "en"))
    assert (
        first.check_sum
        == german.check_sum
        == english.check_sum
        == sabine.ask(report.funder, START, END, [MOBILE]).check_sum
    )
    assert german.title != english.title
    written(jana, 1)
    assert jana.ask(report.funder, START, END).check_sum != first.check_sum


def _in(desk: Desk, language: Any) -> report.Report:
    return report.funder(replace(desk, language=language), START, END)


def test_files_say_the_same(jana: Member) -> None:
    written(jana, 3, place="home")
    written(jana, 20, place="street")
    made = jana.ask(report.funder, START, END)
    document = json.loads(report_files.write(made, "json"))
    rows = list(csv.DictReader(io.StringIO(report_files.write(made, "csv").decode())))
    by_place = {row["code"]: (row["shown"], row["value"]) for row in rows if row["table"] == "place"}
    for row in document["tables"]["place"]["rows"]:
        cell = row["encounters"]
        assert by_place[row["code"]] == (cell["shown"], "" if cell["value"] is None else str(cell["value"]))
    assert by_place["home"] == ("<5", "")
    about = {row["code"]: row["shown"] for row in rows if row["table"] == "about"}
    assert about["check_sum"] == document["check_sum"] == made.check_sum
    assert report_files.write(made, "xlsx")[:2] == b"PK"
    assert report_files.write(made, "pdf")[:5] == b"%PDF-"
    with pytest.raises(InputRefused):
        report_files.write(made, "docx")
