"""The recipes in docs/recipes: a new field is one line in one file, a new record type is one new file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "docs" / "recipes"

# A fresh process, because tables and kinds are there for good once they are made.
_STORY = """
import json, sys
sys.path.insert(0, {tests!r})
import goes_mobile.records as records
records.__path__.insert(0, {folder!r})

from sqlalchemy import create_engine
from sqlmodel import Session, select
from goes_mobile.records import documentation, display, tables
from goes_mobile.records.base import TABLES
from tests.records.editing import Device

kind = records.kind({name!r})
device = Device("tablet", {name!r})
device.write(**json.loads({values!r}))
row = device.row | dict(created_at=None, created_by="", changed_at=None, changed_by="")
engine = create_engine("sqlite://")
with engine.begin() as connection:
    kind.cls.metadata.create_all(connection)
    connection.exec_driver_sql(tables.replace_sql({name!r}), tables.cells({name!r}, row))
    found = Session(connection).exec(select(kind.cls)).one()
    field = kind.fields[{field!r}]
    print(json.dumps(dict(
        paths=dict(device.held[0].operation.set),
        columns=list(TABLES.tables[{name!r}].columns.keys()),
        value=str(getattr(found, {field!r})),
        said=display.say(getattr(found, {field!r}), field, "de"),
        label=display.label({name!r}, {field!r}, "de"),
        form=[info.name for info in kind.form],
        listed=[info.name for info in kind.listed],
        counted=[info.name for info in kind.counted],
        searched=[info.name for info in kind.searched],
        csv=kind.csv,
        documented=f"`{{field.name}}`" in documentation.page().split("## `" + {name!r} + "`")[1].split("## `")[0],
        stream=records.stream({name!r}, row).type,
    )))
"""


def story(folder: Path, name: str, values: dict[str, Any], field: str) -> dict[str, Any]:
    """What derives from a record class that lies in another folder of the package."""
    script = _STORY.format(
        tests=str(ROOT), folder=str(folder), name=name, values=json.dumps(values, default=str), field=field
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def code_of(recipe: str) -> str:
    """The first Python block of a recipe."""
    found = re.search(r"```python\n(.*?)```", (RECIPES / recipe).read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_a_new_record_type_is_one_new_file(tmp_path: Path) -> None:
    (tmp_path / "vehicle.py").write_text(code_of("new-record-type.md"), encoding="utf-8")
    told = story(tmp_path, "vehicle", {"plate": "ES-GO 27", "inspection_on": "2027-03-01"}, "inspection_on")
    assert told["paths"] == {"plate": "ES-GO 27", "inspection_on": "2027-03-01"}
    assert told["columns"][-2:] == ["plate", "inspection_on"]
    assert (told["value"], told["said"], told["label"]) == ("2027-03-01", "01.03.2027", "Hauptuntersuchung")
    assert told["form"] == told["listed"] == ["plate", "inspection_on"]
    assert told["searched"] == ["plate"]
    assert told["csv"] == ["id", "site", "created_at", "plate", "inspection_on"]
    assert told["documented"]
    assert told["stream"] == "org"


@pytest.mark.parametrize(
    ("name", "values", "above"),
    [
        ("encounter", {"at": "2026-03-01T15:30:00+01:00"}, "    draft: bool"),
        ("young_person", {"alias": "Falke"}, "    phone: str"),
    ],
)
def test_a_new_field_is_one_line_in_one_file(tmp_path: Path, name: str, values: dict[str, Any], above: str) -> None:
    source = (ROOT / "src" / "goes_mobile" / "records" / f"{name}.py").read_text(encoding="utf-8")
    line = "    " + code_of("new-field.md")
    assert line.count("\n") == 1
    assert source.count(above) == 1
    (tmp_path / f"{name}.py").write_text(source.replace(above, line + above), encoding="utf-8")
    told = story(tmp_path, name, {**values, "dog": True}, "dog")
    assert told["paths"]["dog"] is True
    assert (told["value"], told["said"], told["label"]) == ("True", "ja", "Mit Hund")
    for derived in ("columns", "form", "listed", "counted", "csv"):
        assert "dog" in told[derived]
    assert told["documented"]
