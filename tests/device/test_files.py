"""The picker's port: what is far too large is refused in words, and never read into memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest

from goes_mobile.device import flet as device
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import attachments, media

HUGE = 4 * 2**30


class Dialog:
    """Somebody who chooses this file; a platform that says that it is so large."""

    def __init__(self, file: Path, said: int) -> None:
        self.file, self.said = file, said
        self.asked: dict[str, Any] = {}

    async def pick_files(self, **asked: Any) -> Sequence[ft.FilePickerFile]:
        self.asked = asked
        return [ft.FilePickerFile(id=1, name=self.file.name, size=self.said, path=str(self.file))]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """4 GB on the disk, of which the file system keeps none."""
    file = tmp_path / "Film.jpg"
    with file.open("wb") as opened:
        opened.truncate(HUGE)
    return file


def choosing(monkeypatch: pytest.MonkeyPatch, dialog: Dialog) -> device.PageFiles:
    monkeypatch.setattr(device, "_picker", lambda: dialog)
    monkeypatch.setattr(device.ft, "context", SimpleNamespace(page=SimpleNamespace(web=False)))
    return device.PageFiles()


async def test_four_gigabytes_are_refused_unread(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = Dialog(film, HUGE)
    tracemalloc.start()
    try:
        with pytest.raises(InputRefused) as refused:
            await choosing(monkeypatch, dialog).choose(media.MOST_BYTES, media.ENDINGS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (refused.value.code, refused.value.facts["most"]) == ("file_too_large", 10)
    assert peak < 2**20
    assert "pdf" in dialog.asked["allowed_extensions"]
    assert dialog.asked["with_data"] is False


async def test_a_platform_that_hides_the_size_costs_one_byte_more_than_may_be(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picked = await choosing(monkeypatch, Dialog(film, 0)).choose(media.MOST_BYTES, media.ENDINGS)
    assert picked is not None
    assert len(picked.content) == media.MOST_BYTES + 1
    with pytest.raises(InputRefused, match="file_too_large"):
        attachments.prepare(picked.name, picked.content)


async def test_without_endings_any_file_may_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parcel = tmp_path / "paket.goes"
    parcel.write_bytes(b"goes")
    dialog = Dialog(parcel, 4)
    picked = await choosing(monkeypatch, dialog).choose(100)
    assert picked is not None
    assert (picked.name, picked.content) == ("paket.goes", b"goes")
    assert (dialog.asked["file_type"], dialog.asked["allowed_extensions"]) == (ft.FilePickerFileType.ANY, None)
