"""`goes-sync-server`: set up, serve, look after. Stdout holds one JSON document, everything else goes to stderr.

Exit codes: 0 done · 2 wrong usage · 4 database not reachable · 7 damaged data found · 8 data directory in use ·
9 cannot write.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

import typer

from goes_mobile.protocol.problems import GoesError
from sync_server import backup as backups
from sync_server import doctor as doctors
from sync_server import status as statuses
from sync_server.database import Database, explained
from sync_server.holding import held
from sync_server.installation import initialise, is_initialised
from sync_server.logs import configure_logs
from sync_server.settings import Settings

app = typer.Typer(
    help="The sync server of GO!ES mobil: stores and hands out what it cannot read.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip

Data = Annotated[Path, typer.Option("--data", envvar="GOES_DATA", help="Data directory.", file_okay=False)]
Url = Annotated[
    str | None,
    typer.Option("--database-url", envvar="GOES_DATABASE_URL", help="A PostgreSQL instead of the embedded SQLite."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Accepted for uniformity: stdout is always JSON.", hidden=True)]

EXPLAINED = {
    "not_initialised": "no server here yet: run `goes-sync-server init` first",
    "workers_need_postgresql": "more than one worker needs a PostgreSQL (--database-url)",
    "plain_http": "plain HTTP beyond this machine: put a reverse proxy with TLS in front and say --behind-proxy",
    "data_directory_in_use": "another process uses this data directory",
    "not_empty": "restoring needs an empty data directory or database",
    "no_such_file": "there is no such file",
    "no_backup": "the file is no backup of a sync server",
    "cannot_listen": "cannot listen on this address",
    "cannot_write": "cannot write",
    "database": "the database cannot be reached",
    "damaged": "damaged data",
}
WRONG_USAGE = 2


@app.command()
def init(data: Data, database_url: Url = None, json_: AsJson = False) -> None:
    """Create the database. On a server that exists: give out a new setup token.

    Example: goes-sync-server init --data /srv/goes
    """
    with held(data), _database(data, database_url) as database:
        _say(asdict(initialise(database)))


@app.command()
def serve(
    data: Data,
    database_url: Url = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes any free one.", min=0, max=65535)] = 8420,
    workers: Annotated[int, typer.Option(help="Processes; more than one needs PostgreSQL.", min=1, max=64)] = 1,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Listen beyond this machine without TLS: a reverse proxy adds it.")
    ] = False,
    json_: AsJson = False,
) -> None:
    """Serve until SIGTERM, then finish what was begun.

    Example: goes-sync-server serve --data /srv/goes --port 8420
    """
    from sync_server.serve import listen  # half of the start-up time, and only this command needs it
    from sync_server.serve import serve as serve_until_told

    settings = Settings.of(data, database_url)
    if not _loopback(host) and not behind_proxy:
        raise GoesError("plain_http")
    with held(data):
        with _database(data, database_url, must_exist=True) as database:
            if workers > 1 and not database.shared:
                raise GoesError("workers_need_postgresql")
            database.migrate()
        configure_logs()
        with closing(listen(host, port)) as listener:
            serve_until_told(settings, listener, workers)


@app.command()
def status(data: Data, database_url: Url = None, json_: AsJson = False) -> None:
    """Counts, sizes, last contact per device; also while the server runs.

    Example: goes-sync-server status --data /srv/goes
    """
    with _database(data, database_url, must_exist=True) as database:
        _say(statuses.status(database))


@app.command()
def doctor(data: Data, database_url: Url = None, json_: AsJson = False) -> None:
    """Verify chains, numbering, running hashes, access list and audit log; exit 7 if anything does not hold.

    Example: goes-sync-server doctor --data /srv/goes
    """
    with _database(data, database_url, must_exist=True) as database:
        report = doctors.examine(database)
    _say({"ok": not report.findings, **asdict(report)})
    if report.findings:
        raise typer.Exit(7)


@app.command()
def backup(
    data: Data,
    to: Annotated[Path, typer.Option("--to", help="The file to write.", dir_okay=False)],
    database_url: Url = None,
    json_: AsJson = False,
) -> None:
    """One consistent file, also while the server runs. It holds the server's key: keep it as safe as the server.

    Example: goes-sync-server backup --data /srv/goes --to /backup/goes.sqlite3
    """
    with _database(data, database_url, must_exist=True) as database:
        _say(backups.backup(database, to))


@app.command()
def restore(
    data: Data,
    source: Annotated[Path, typer.Option("--from", help="A file written by `backup`.", dir_okay=False)],
    database_url: Url = None,
    json_: AsJson = False,
) -> None:
    """Into an empty data directory. Devices send again what the backup lacks; nothing is served before an admin's has.

    Example: goes-sync-server restore --data /srv/goes-new --from /backup/goes.sqlite3
    """
    with held(data), _database(data, database_url) as database:
        _say(backups.restore(database, source, data))


@contextmanager
def _database(data: Path, url: str | None, *, must_exist: bool = False) -> Iterator[Database]:
    """The database; with ``must_exist``, one that was initialised and is only looked at."""
    settings = Settings.of(data, url)
    with explained(), closing(Database(settings.database_url)) as database:
        file = database.url.database
        if must_exist and not database.shared and not Path(str(file)).exists():
            raise GoesError("not_initialised")
        if must_exist and not is_initialised(database):
            raise GoesError("not_initialised")
        yield database


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, indent=2 if sys.stdout.isatty() else None) + "\n")


def main() -> None:
    """Entry point: an expected error becomes one line on stderr and its exit code."""
    try:
        app()
    except GoesError as error:
        sys.stderr.write(f"goes-sync-server: {EXPLAINED.get(error.code, error.code)}\n")
        sys.exit(WRONG_USAGE if error.exit_code == 1 else error.exit_code)
