"""`import`: an office's own list as it is, line by line, and the same file twice is once."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.county import Cli

LIST = """Datum;Uhrzeit;Dauer;Wo;Themen;Bemerkung;14-17 weiblich;Mitarbeiterin
03.02.2026;14:30;20 min;Bahnhof Plochingen;Schule, Wohnen;"Gespräch über
Praktikum";2;Jana
04.02.2026;;;;Quatsch;;;
05.02.2026;15.45;45;Skaterpark;;Müde;;
32.02.2026;;;;;;;
"""


def written(home: Path, text: str, encoding: str = "utf-8", name: str = "liste.csv") -> str:
    file = home / name
    file.write_bytes(text.encode(encoding))
    return str(file)


def encounters(jana: Cli) -> list[dict[str, object]]:
    return sorted(jana.ok("list", "encounter", "--json").lines, key=lambda found: str(found["at"]))


def test_good_lines_are_kept_bad_ones_named_and_twice_is_once(jana: Cli, tmp_path: Path) -> None:
    file = written(tmp_path, LIST, "cp1252")
    dry = jana.run("import", "encounters", file, "--dry-run", "--json")
    assert (dry.code, dry.json["new"], dry.json["refused"], dry.json["unused"]) == (6, 2, 2, ["Mitarbeiterin"])
    assert encounters(jana) == []

    said = jana.run("import", "encounters", file, "--json")
    assert (said.code, said.json["new"], said.json["same"]) == (6, 2, 0)
    assert "line 4: topics" in said.err
    assert "line 6: at" in said.err
    assert "Quatsch" not in said.err
    first, second = encounters(jana)
    assert datetime.fromisoformat(str(first["at"])) == datetime.fromisoformat("2026-02-03T14:30+01:00")
    assert (first["minutes"], sorted(first["topics"]), first["note"]) == (  # type: ignore[call-overload]
        20, ["housing", "school"], "Gespräch über\nPraktikum",
    )  # fmt: skip
    assert first["head_counts"] == {"age_14_17": {"female": 2}}
    assert (second["place_note"], second["minutes"]) == ("Skaterpark", 45)

    again = jana.run("import", "encounters", file, "--json")
    assert (again.json["new"], again.json["same"]) == (0, 2)
    jana.ok("delete", "encounter", str(first["id"]))
    assert jana.run("import", "encounters", file, "--json").json["new"] == 0
    assert len(encounters(jana)) == 1


def test_a_mapping_says_what_is_what(jana: Cli, tmp_path: Path) -> None:
    mapping = written(
        tmp_path,
        '[columns]\n"Kontakt am" = "at"\nGrund = "topics"\nFall = "id"\n[values.topics]\nBude = "housing"\n',
        name="m.toml",
    )
    rows = "Fall,Kontakt am,Grund\n17,2026-02-03 10:00,Bude\n17,2026-02-03 10:00,Bude\n18,2026-02-04,Schule\n"
    said = jana.ok("import", "encounters", written(tmp_path, rows, "utf-16"), "--mapping", mapping, "--json").json
    assert (said["new"], said["same"], said["refused"]) == (2, 1, 0)
    assert [found["topics"] for found in encounters(jana)] == [["housing"], ["school"]]
    wrong = written(tmp_path, json.dumps({"columns": {"Fall": "created_by"}}), name="m.json")
    assert jana.run("import", "encounters", written(tmp_path, rows), "--mapping", wrong).code == 6


def test_excel_with_title_merged_cells_formulas_and_dates(jana: Cli, tmp_path: Path) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet, day = book.add_worksheet("Kontakte"), book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.merge_range("A1:D1", "Jugendbüro 2026")
    sheet.write_row("A3", ["Datum", "Minuten", "Thema", "Gesprächsnotiz", "Notiz"])
    sheet.merge_range("A4:A5", "", day)
    sheet.write_datetime("A4", datetime.fromisoformat("2026-02-03"), day)
    sheet.write_formula("B4", "=10*2", None, 20)
    sheet.write("C4", "Schule")
    sheet.write_row("B5", [30, "Wohnen", "", "vier"])
    sheet.write_datetime("A6", datetime.fromisoformat("2026-02-05"), day)
    sheet.write_formula("B6", "=1/0", None, "#DIV/0!")
    book.close()
    file = tmp_path / "liste.xlsx"
    file.write_bytes(content.getvalue())
    said = jana.run("import", "encounters", str(file), "--json")
    assert (said.code, said.json["new"], said.json["refused"]) == (6, 2, 1)
    assert "line 6: minutes is a formula" in said.err
    found = sorted(encounters(jana), key=lambda one: int(str(one["minutes"])))
    assert [(one["minutes"], one["topics"], str(one["at"])[:10]) for one in found] == [
        (20, ["school"], "2026-02-03"), (30, ["housing"], "2026-02-03"),
    ]  # fmt: skip


def test_people_and_partners_keep_the_rules_of_the_screens(jana: Cli, tmp_path: Path) -> None:
    people = "Alias\tJahrgang\tVorname\tSprachen\nFalke\t2009\t\tDeutsch; Türkisch\nLuna\t2010\tLea\t\n"
    said = jana.run("import", "people", written(tmp_path, people), "--json")
    assert (said.code, said.json["new"], said.json["refused"]) == (6, 1, 1)
    assert "Lea" not in said.err
    [falke] = jana.ok("list", "young_person", "--json").lines
    assert (falke["alias"], falke["birth_year"], sorted(falke["languages"])) == ("Falke", 2009, ["de", "tr"])
    assert jana.ok("import", "partners", written(tmp_path, "Name,Telefon\nSchuldnerberatung,07021 50\n")).code == 0


@pytest.mark.parametrize("content", [
    b"%PDF-1.7 nothing", b"PK\x03\x04 nothing", b"", b"\x00\x01\x02", b"Farbe;Form\nrot;rund\n",
    b"Datum;Notiz\n",
])  # fmt: skip
def test_what_is_no_list_is_refused_and_nothing_is_written(jana: Cli, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "liste.xlsx" if content.startswith(b"PK") else tmp_path / "liste.csv"
    file.write_bytes(content)
    said = jana.run("import", "encounters", str(file), "--json")
    assert (said.code, "Traceback" in said.err) == ((0 if content.startswith(b"Datum") else 6), False)
    assert encounters(jana) == []
