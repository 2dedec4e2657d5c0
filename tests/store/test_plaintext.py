"""Nothing that somebody typed lies on the disk in clear: not in the journal, its log, the snapshot, a draft."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from goes_mobile.protocol.blobs import seal_blob
from goes_mobile.protocol.ids import device_id, new_id, trace_id
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.registry import Kind, kinds
from goes_mobile.store.change import Change
from tests.devices import SECRET, SITE, County, Device

_IN_EACH = "Quittenmus"
"""Looked for first: where it is not, none of the words is."""


class Markers:
    """Unique words that occur nowhere else, so that each can be looked for."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self) -> str:
        self.words.append(f"Zaunkönig{len(self.words):04}{_IN_EACH}")
        return self.words[-1]

    def found_in(self, data: bytes) -> list[str]:
        """Also as UTF-16 and with the bytes turned round: no encoding is an excuse."""
        ways = [way for way in ("utf-8", "utf-16-le", "utf-16-be", "latin-1") if _IN_EACH.encode(way) in data]
        return [word for word in self.words if any(word.encode(way) in data for way in ways)]


def files(*homes: Path) -> Iterator[Path]:
    for home in homes:
        yield from (path for path in home.rglob("*") if path.is_file())


def plain(info: FieldInfo, markers: Markers) -> Any:
    """A value of the field's type; text is a marker wherever text may be typed."""
    if info.ref:
        return new_id(1)
    if info.codes or info.type is str:
        return markers.word()
    return {int: info.ge or 1, float: 1.5, bool: True}.get(info.type) or {
        "datetime": "2026-11-23T14:00:00+01:00", "date": "2026-11-23", "time": "14:00"
    }[info.type.__name__]  # fmt: skip


def everything(kind: Kind, markers: Markers) -> Mapping[str, Any]:
    """A record in which every field is filled."""
    values: dict[str, Any] = {"site": SITE}
    for name, info in kind.fields.items():
        if not info.settable or info.blob or name in ("ends", "draft"):
            continue
        if info.shape == "plain":
            values[name] = plain(info, markers)
        elif info.shape == "set":
            values[name] = [] if info.ref == "young_person" else [plain(info, markers)]
        elif info.shape == "tally":
            values[name] = {markers.word(): {markers.word(): 3}}
        else:
            assert info.part is not None
            inner = {n: plain(i, markers) for n, i in info.part.items() if n != "left"}
            values[name] = {new_id(1): inner}
    return values


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process would put temporary files."""
    place = tmp_path / "temporary"
    place.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return place


def test_no_marker_is_in_any_file(county: County, temporary: Path) -> None:
    markers = Markers()
    dora = county.enrol("supervisor")
    county.sync()
    written: list[tuple[str, str]] = []

    def scan() -> None:
        for path in files(dora.home, county.admin.home, temporary):
            assert markers.found_in(path.read_bytes()) == [], path.name

    for kind in kinds():
        device = county.admin if "supervisor" not in kind.writers else dora
        record = new_id(county.now_ms)
        sealed = {info.name: seal_blob(markers.word().encode()) for info in kind.fields.values() if info.blob}
        values = {**everything(kind, markers), **{name: blob.ref.text for name, blob in sealed.items()}}
        if kind.trace:  # only its own device's counts
            record = trace_id(device.store.device, kind.stream(values).id(device.store.organisation))
            values["device"] = device.store.device.hex()
        if kind.name == "device":  # its name lies under its own id alone
            record = device_id(device.store.device)
        device.store.write([Change(kind.name, record, values, blobs=tuple(sealed.values()))])
        if device is dora:
            written.append((kind.name, record))
        scan()
    assert len(markers.words) > 50
    dora.store.drafts.save("capture", {"note": markers.word(), "parts": [{"x": markers.word()}]})
    dora.store.set_personal("search.recent", [markers.word(), markers.word()])
    scan()
    for name, record in written:
        dora.store.search(markers.words[0])
        dora.delete(record, name)
    while dora.store.idle():
        scan()
    assert dora.store.save_snapshot(least=0)
    scan()
    county.sync()
    scan()
    dora.store.lock()
    scan()
    dora.reopen()
    assert dora.store.drafts.load("capture")["note"] in markers.words  # type: ignore[index]
    dora.store.drafts.drop("capture")
    dora.close()
    scan()
    assert all(markers.found_in(raw) == [] for raw in county.raws())
    dora.open()
    dora.store.unlock(SECRET)


def test_the_scan_finds_what_is_there(tmp_path: Path) -> None:
    """A scan that cannot fail proves nothing."""
    markers = Markers()
    for way in ("utf-8", "utf-16-le", "latin-1"):
        word = markers.word()
        (tmp_path / way).write_bytes(b"\x00" + word.encode(way) + b"\x00")
    found = {word for path in files(tmp_path) for word in markers.found_in(path.read_bytes())}
    assert found == set(markers.words)


def test_ids_of_people_are_not_in_the_file_either(county: County, anna: Device) -> None:
    """A file's stream does not say whose it is; nor does anything else that lies in clear."""
    person = anna.person("Kranich")
    anna.note("Über Kranich", people=[person])
    anna.store.save_snapshot(least=0)
    anna.close()
    bare = bytes.fromhex(person.replace("-", ""))
    for path in files(anna.home):
        data = path.read_bytes()
        assert person.encode() not in data
        assert bare not in data
    anna.open()


def test_what_errors_say_holds_nothing_that_was_typed(anna: Device) -> None:
    markers = Markers()
    for fields in ({"note": markers.word(), "minutes": markers.word()}, {"note": markers.word(), "at": markers.word()},
                   {"note": markers.word(), "topics": markers.word()}):  # fmt: skip
        with pytest.raises(Exception) as told:  # noqa: PT011 - whatever it is, its text is what counts
            anna.note(**{"text": markers.word(), **{k: v for k, v in fields.items() if k != "note"}})
        shown = "".join(traceback.format_exception(told.value)) + repr(told.value)
        assert markers.found_in(shown.encode()) == []
