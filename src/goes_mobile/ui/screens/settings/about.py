"""About: what this is, its version, its licences."""

from __future__ import annotations

from importlib import metadata

import flet as ft

from goes_mobile.ui.components import Card, Disc, Fact, Facts, Meta, Section, Title, Words
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.columns import Columns
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import L

# What is shipped with the program, and under which licence.
SHIPPED = (
    ("Flet, Flutter", "Apache-2.0, BSD-3-Clause"),
    ("Python", "PSF-2.0"),
    ("SQLModel, SQLAlchemy, pydantic", "MIT"),
    ("cryptography", "Apache-2.0 / BSD-3-Clause"),
    ("argon2-cffi", "MIT"),
    ("msgpack", "Apache-2.0"),
    ("httpx", "BSD-3-Clause"),
    ("truststore, typer", "MIT"),
    ("Babel", "BSD-3-Clause"),
    ("RapidFuzz", "MIT"),
    ("segno", "BSD-3-Clause"),
    ("fpdf2", "LGPL-3.0"),
    ("XlsxWriter", "BSD-2-Clause"),
    ("IBM Plex Sans", "OFL-1.1"),
    ("Material Icons", "Apache-2.0"),
)


def version() -> str:
    """Of the installed distribution; a packaged app may not have its metadata."""
    try:
        return metadata.version("goes-mobile")
    except metadata.PackageNotFoundError:
        return ""


@component
def AboutScreen() -> ft.Control:
    what = Card(
        ft.Row(
            [
                Disc(ft.Icons.AIRPORT_SHUTTLE_OUTLINED, "primary", size=48),
                ft.Column(
                    [Title("GO!ES mobil"), Meta(t("about.version", version=version()))],
                    spacing=0,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=L,
        ),
        Words(t("about.what"), "body"),
        Words(t("about.safe"), "body"),
        Meta(t("about.licence")),
        spacing=L,
        padding=20,
    )
    shipped = Section(t("about.shipped"), Card(Facts([Fact(name, licence) for name, licence in SHIPPED], columns=0)))
    wide = look().window == "wide"
    return Screen(t("about.title"), [Columns([what], [shipped])] if wide else [what, shipped], back="/more")
