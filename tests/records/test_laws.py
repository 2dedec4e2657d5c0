"""What holds for every record, whatever people enter and in whatever order it arrives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goes_mobile.protocol.merge import merge
from goes_mobile.records import assemble, diff, flatten, kind, row_of
from goes_mobile.records.values import scalar
from tests.records.editing import RECORD, Device, together
from tests.records.strategies import KINDS, record


def own(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """The fields a form shows."""
    return {field: row[field] for field in kind(name).fields}


def written(name: str, values: dict[str, Any]) -> Device:
    device = Device("tablet", name)
    device.put(values)
    return device


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
@settings(max_examples=40)
def test_what_is_read_is_what_was_written(name: str, data: st.DataObject) -> None:
    values = data.draw(record(name))
    row = written(name, values).row
    assert written(name, own(name, row)).row == row
    said = flatten(name, values, "tablet", record=RECORD)
    assert {path: said[path] for path in said if path in row} == {
        path: scalar(row[path]) for path in said if path in row
    }
    assert row["extra"] == {}
    assert row["conflicts"] == ""


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
@settings(max_examples=40)
def test_the_short_cut_for_one_operation_reads_the_same(name: str, data: st.DataObject) -> None:
    device = written(name, data.draw(record(name)))
    assert row_of(name, device.held[0].operation.set, RECORD) == device.row


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
@settings(max_examples=40)
def test_a_form_saves_what_changed_and_nothing_else(name: str, data: st.DataObject) -> None:
    device = written(name, data.draw(record(name)))
    old = device.row
    new = own(name, written(name, data.draw(record(name))).row)
    paths = device.save_form(old, new)
    assert own(name, device.row) == new
    assert device.save_form(device.row, new) == {}
    assert {path.partition("/")[0] for path in paths} == {field for field in new if new[field] != old[field]}


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
@settings(max_examples=25)
def test_an_unchanged_form_says_nothing(name: str, data: st.DataObject) -> None:
    row = written(name, data.draw(record(name))).row
    assert diff(name, row, own(name, row)) == {}


@pytest.mark.parametrize("name", ["encounter", "outing", "young_person"])
@given(data=st.data())
@settings(max_examples=40)
def test_order_and_repetition_do_not_matter(name: str, data: st.DataObject) -> None:
    tablet = written(name, data.draw(record(name)))
    phone = Device("phone", name)
    phone.receive(tablet)
    for device in (tablet, phone, tablet):
        device.save_form(device.row, own(name, written(name, data.draw(record(name))).row))
    together(tablet, phone)
    shuffled = data.draw(st.permutations(tablet.held))
    assert assemble(name, merge(shuffled)) == tablet.row
    assert assemble(name, merge([*shuffled, *shuffled[:2]])) == phone.row
