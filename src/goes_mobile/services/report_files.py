"""A report as a file: JSON for machines, CSV and XLSX for spreadsheets, PDF for the funder's folder."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Literal

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import assets
from goes_mobile.services.report import Report, Table, plain

Format = Literal["json", "csv", "xlsx", "pdf"]


def write(report: Report, wanted: str) -> bytes:
    """The bytes of the file."""
    match wanted:
        case "json":
            return json.dumps(plain(report), ensure_ascii=False, indent=1).encode() + b"\n"
        case "csv":
            return as_csv(report)
        case "xlsx":
            return as_xlsx(report)
        case "pdf":
            return as_pdf(report)
    raise InputRefused("unknown_format", known="json, csv, xlsx, pdf")


def as_csv(report: Report) -> bytes:
    """One number a line: table, code, label, column, shown, value (empty if hidden)."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["table", "code", "label", "column", "shown", "value"])
    for name, value in _head(report):
        rows.writerow(["about", name, "", "", _harmless(value), ""])
    for figure in report.figures:
        rows.writerow(["figures", figure.code, figure.label, "", figure.cell.shown, _number(figure.cell.value)])
    for table in report.tables:
        for row in table.rows:
            for (column, _), cell in zip(table.columns, row.cells, strict=True):
                rows.writerow([table.code, row.code, _harmless(row.label), column, cell.shown, _number(cell.value)])
    return out.getvalue().encode()


def as_xlsx(report: Report) -> bytes:
    """A sheet of figures and one for each table."""
    import xlsxwriter  # a second of import time that only exports need

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, head = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True, "bottom": 1})
    book.set_properties({"title": report.title, "comments": report.check_sum})
    sheet = book.add_worksheet(report.title[:31])
    sheet.set_column(0, 0, 46)
    sheet.write(0, 0, report.title, bold)
    line = 1
    for name, value in _head(report):
        sheet.write_row(line, 0, [name, value])
        line += 1
    for figure in report.figures:
        line += 1
        sheet.write(line, 0, figure.label)
        sheet.write(line, 1, figure.cell.value if figure.cell.value is not None else figure.cell.shown)
    sheet.write(line + 2, 0, report.note)
    for table in report.tables:
        page = book.add_worksheet(table.label[:31])
        page.set_column(0, 0, 36)
        page.write_row(0, 0, [table.label, *(label for _, label in table.columns)], head)
        for n, row in enumerate(table.rows, 1):
            page.write(n, 0, row.label)
            for c, cell in enumerate(row.cells, 1):
                page.write(n, c, cell.value if cell.value is not None else cell.shown)
        if table.note:
            page.write(len(table.rows) + 2, 0, table.note)
    book.close()
    return out.getvalue()


def as_pdf(report: Report) -> bytes:
    """A4, in the program's own typeface."""
    from fpdf import FPDF

    fonts = assets.directory() / "fonts"
    pdf = FPDF(format="A4")
    pdf.set_title(report.title)
    pdf.set_creation_date(report.made_at)
    pdf.add_font("Plex", "", fonts / "IBMPlexSans_400Regular.ttf")
    pdf.add_font("Plex", "B", fonts / "IBMPlexSans_600SemiBold.ttf")
    pdf.add_page()
    pdf.set_font("Plex", "B", 18)
    pdf.cell(0, 12, report.title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Plex", "", 10)
    for name, value in _head(report):
        pdf.multi_cell(0, 5.5, f"{name}: {value}", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)
    figures = Table("figures", "", "", [("n", "")], [])
    _pdf_rows(pdf, figures, [(figure.label, [figure.cell.shown]) for figure in report.figures])
    for table in report.tables:
        rows = [(row.label, [cell.shown for cell in row.cells]) for row in table.rows]
        with pdf.unbreakable() as whole:
            whole.ln(4)
            whole.set_font("Plex", "B", 12)
            whole.cell(0, 8, table.label, new_x="LMARGIN", new_y="NEXT")
            _pdf_rows(whole, table, rows)
            if table.note:
                whole.set_font("Plex", "", 9)
                whole.multi_cell(0, 5, table.note, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_font("Plex", "", 9)
    pdf.multi_cell(0, 5, f"{report.method} {report.note}", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def _pdf_rows(pdf: Any, table: Table, rows: list[tuple[str, list[str]]]) -> None:
    width = min(40, (pdf.epw - 62) / len(table.columns))
    first = pdf.epw - width * len(table.columns)
    if any(label for _, label in table.columns):
        pdf.set_font("Plex", "B", 9)
        pdf.cell(first, 6, "")
        for _, label in table.columns:
            pdf.cell(width, 6, label, align="R")
        pdf.ln(6)
    pdf.set_font("Plex", "", 10)
    for label, shown in rows:
        pdf.cell(first, 6, label, border="B")
        for text in shown:
            pdf.cell(width, 6, text, border="B", align="R")
        pdf.ln(6)


def _head(report: Report) -> list[tuple[str, str]]:
    """What a figure is worth nothing without."""
    return [
        ("county", report.county),
        ("period", f"{report.start.isoformat()} – {report.end.isoformat()}"),
        ("sites", ", ".join(site.name for site in report.sites) or "–"),
        ("definition", report.definition),
        ("data_state", report.data_state.isoformat(timespec="minutes") if report.data_state else "–"),
        ("check_sum", report.check_sum),
    ]


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _harmless(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@") else text
