"""Reports as files."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from goes_mobile.cli.commands import command
from goes_mobile.cli.files import write_file
from goes_mobile.cli.session import Session, store_of
from goes_mobile.cli.usage import as_day, check_sites
from goes_mobile.services import lost_report, report_files, scripting
from goes_mobile.services import report as reports
from goes_mobile.services.desk import Desk
from goes_mobile.state.profile import Profile
from goes_mobile.store.disk import disk_errors


class ReportName(StrEnum):
    funder = "funder"
    lost = "lost"


class Format(StrEnum):
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    pdf = "pdf"


@command()
def report(
    session: Session,
    name: Annotated[ReportName, typer.Argument(help="The report.", metavar="NAME")],
    start: Annotated[str, typer.Option("--from", help="First day, like 2026-01-01.", metavar="DATE")],
    end: Annotated[str, typer.Option("--to", help="Last day.", metavar="DATE")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; - is standard output.", allow_dash=True)],
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.json,
    site: Annotated[list[str] | None, typer.Option("--site", help="Only this site; may be repeated.")] = None,
) -> None:
    """Write a report: encounters and people by form, topic, place, site, month, age, gender, small numbers hidden;
    or (lost) who may get lost, why, and what is explained.

    Example: goes-mobile report funder --from 2026-01-01 --to 2026-06-30 --format pdf --out report.pdf
    """
    first, last = as_day(start, "--from"), as_day(end, "--to")

    async def work(profile: Profile) -> reports.Report:
        check_sites(store_of(profile).identity.preset, site or [])
        return await profile.ask(_report, name, first, last, site)

    made = session.run(work)
    content = report_files.write(made, format_.value)
    if str(out) == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with disk_errors():
        write_file(out, content, "--out")
    told = {"report": name.value, "out": str(out), "check_sum": made.check_sum, "bytes": len(content)}
    session.out.document(told, f"Written to {out}. Check sum {made.check_sum}.")


def _report(desk: Desk, name: ReportName, first: date, last: date, sites: list[str] | None) -> reports.Report:
    chosen = [scripting.site(desk, site) for site in sites] if sites else None
    made = reports.funder if name is ReportName.funder else lost_report.report
    return made(desk, first, last, chosen)
