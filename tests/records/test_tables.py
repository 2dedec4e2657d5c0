"""The short way into a table and SQLModel's own way out of it are of one mind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, func, insert, true
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, col, select

from goes_mobile.records import flatten, kind, kinds, row_of
from goes_mobile.records.base import TABLES
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.outing import StopVisit
from goes_mobile.records.tables import cells, replace_sql
from tests.records.editing import NOW, RECORD
from tests.records.strategies import KINDS, record

BY = {"created_at": datetime(2026, 3, 1, 15, tzinfo=UTC), "created_by": "m", "changed_at": None, "changed_by": ""}


@pytest.fixture(scope="module")
def projection() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    TABLES.create_all(engine)
    return engine


def put(engine: Engine, name: str, row: dict[str, Any]) -> None:
    connection = engine.raw_connection()
    connection.driver_connection.execute(replace_sql(name), cells(name, row))  # type: ignore[union-attr]
    connection.commit()
    connection.close()


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
@settings(max_examples=15)
def test_what_goes_in_comes_out(projection: Engine, name: str, data: st.DataObject) -> None:
    row = row_of(name, flatten(name, data.draw(record(name)), "tablet"), RECORD) | BY
    put(projection, name, row)
    with Session(projection) as session:
        found = session.get(kind(name).cls, RECORD)
        assert found is not None
        assert {column: getattr(found, column) for column in row} == row


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
@settings(max_examples=10)
def test_the_short_way_writes_what_the_long_way_writes(name: str, data: st.DataObject) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    table = kind(name).cls.metadata.tables[name]
    table.create(engine)
    row = row_of(name, flatten(name, data.draw(record(name)), "tablet"), RECORD) | BY
    put(engine, name, row)
    with engine.begin() as connection:
        short = connection.exec_driver_sql(f'select * from "{name}"').one()
        connection.exec_driver_sql(f'delete from "{name}"')
        connection.execute(insert(table), [row])
        assert connection.exec_driver_sql(f'select * from "{name}"').one() == short
    engine.dispose()


def test_sets_and_tallies_can_be_counted_in_sql(projection: Engine) -> None:
    with projection.begin() as connection:
        connection.exec_driver_sql("delete from encounter")
    for number, topics in enumerate([["school"], ["school", "work"], []]):
        row = row_of("encounter", flatten("encounter", {"at": NOW, "topics": topics}, "tablet"), f"{number:036}") | BY
        put(projection, "encounter", row)
    topic = func.json_each(Encounter.topics).table_valued("value")
    with Session(projection) as session:
        counted = session.exec(
            select(topic.c.value, func.count()).select_from(Encounter).join(topic, true()).group_by(topic.c.value)
        )
        assert dict(counted.all()) == {"school": 2, "work": 1}
        newest = select(Encounter).where(col(Encounter.at) > datetime(2026, 1, 1, tzinfo=UTC)).limit(1)
        assert session.exec(newest).one().topics == ["school"]


def test_a_kind_is_its_table() -> None:
    assert {known.name for known in kinds()} == set(TABLES.tables)
    assert not set(TABLES.tables) & set(SQLModel.metadata.tables), "a server in this process keeps its own"


def test_no_record_prints_what_it_says() -> None:
    encounter = Encounter.model_validate({"id": RECORD, "at": NOW, "note": "geheim"})
    visit = StopVisit(observation="geheim")
    assert str(encounter) == repr(encounter) == f"Encounter(id='{RECORD}')"
    assert str(visit) == repr(visit) == "StopVisit(•••)"
