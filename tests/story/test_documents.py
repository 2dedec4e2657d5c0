"""A certificate on its way through real processes: sealed on the road and at the server, whole in the office."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from goes_mobile.device.desktop import wall_clock
from goes_mobile.protocol.blobs import CHUNK, BlobRef
from goes_mobile.protocol.ids import new_id, site_id
from goes_mobile.services import attachments
from goes_mobile.store.change import Change
from goes_mobile.store.store import Store
from tests.cli.county import PIN, Cli, County
from tests.serving import run

pytestmark = pytest.mark.processes
MARKER = b"Luna K., geboren am"


@contextmanager
def opened(cli: Cli) -> Iterator[Store]:
    """What the program does on this profile while no command runs."""
    store = Store.open(cli.home, wall_clock)
    try:
        store.unlock(PIN)
        yield store
    finally:
        store.close()


def in_clear(home: Path) -> list[str]:
    return [str(file) for file in home.rglob("*") if file.is_file() and MARKER in file.read_bytes()]


def test_a_certificate_reaches_the_supervisor_whole_and_is_nowhere_in_clear(county: County) -> None:
    jana, sabine = county.jana, county.sabine
    (falke,) = jana.add("young_person", {"alias": "Falke"})
    content = b"%PDF-1.7" + b"".join(MARKER + os.urandom(CHUNK) for _ in range(3))
    with opened(jana) as store:
        file = attachments.prepare("Zeugnis.pdf", content)
        values = {
            "person": falke, "site": site_id("workmobil"), "name": file.name, "kind": "certificate",
            "media_type": file.medium.media_type, "size": len(content), "content": file.content.ref.text,
        }  # fmt: skip
        document = new_id(store.now_ms())
        store.write([Change("attachment", document, values, blobs=(file.content,))])
    with county.server.running():
        jana.sync()
        sabine.sync()
        assert sabine.show("attachment", document)["name"] == "Zeugnis.pdf"
        county.tom.sync()
    with opened(sabine) as store:
        assert store.blobs.read(BlobRef.read(file.content.ref.text)) == content
    with opened(county.tom) as store:
        assert store.journal.count("SELECT count(*) FROM chunk") == 0
    for cli in (jana, sabine):
        assert cli.ok("doctor").json["ok"]
        assert in_clear(cli.home) == []
    assert in_clear(county.server.data) == []
    assert run("doctor", data=county.server.data).returncode == 0
