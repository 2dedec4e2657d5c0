"""Measures and the Material theme, for the few Material controls that draw themselves (pickers, menus, chips).

Our own components take their colours from `look().palette`, so that a theme change needs no guess about which role
a control falls back to. No shadows anywhere: borders and surfaces layer.
"""

from __future__ import annotations

import flet as ft

from goes_mobile.ui.colours import Palette
from goes_mobile.ui.look import Look
from goes_mobile.ui.typography import FAMILIES, FONT_FILES

# The 4-grid.
XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 32

# Radii.
SMALL, CARD, HERO, SHEET, FULL = 12, 16, 20, 28, 999

# Touch targets.
TARGET = 48
SAVE = 56
TALLY = 60

COLUMN = 720
"""One column of text is never wider than this."""


def fonts() -> dict[str, str]:
    """Families and their files below `assets`."""
    return dict(FONT_FILES)


def side(colour: str, width: float = 1) -> ft.BorderSide:
    return ft.BorderSide(width, colour)


def rounded(radius: float, border: ft.BorderSide | None = None) -> ft.RoundedRectangleBorder:
    return ft.RoundedRectangleBorder(radius=radius, side=border)


def colour_scheme(p: Palette) -> ft.ColorScheme:
    """Every Material role by hand; own roles (ok, info) live in the palette only."""
    return ft.ColorScheme(
        primary=p.primary,
        on_primary=p.on_primary,
        primary_container=p.primary_container,
        on_primary_container=p.on_primary_container,
        secondary=p.primary,
        on_secondary=p.on_primary,
        secondary_container=p.secondary_container,
        on_secondary_container=p.on_secondary_container,
        tertiary=p.look,
        on_tertiary=p.card,
        tertiary_container=p.look_container,
        on_tertiary_container=p.on_look_container,
        error=p.lost,
        on_error=p.on_lost,
        error_container=p.lost_container,
        on_error_container=p.on_lost_container,
        surface=p.surface,
        on_surface=p.ink,
        on_surface_variant=p.ink_soft,
        outline=p.outline,
        outline_variant=p.outline_soft,
        shadow="#00000000",
        scrim="#000000",
        inverse_surface=p.ink,
        on_inverse_surface=p.surface,
        inverse_primary=p.primary_container,
        surface_tint="#00000000",
        surface_bright=p.card,
        surface_dim=p.container,
        surface_container_lowest=p.card,
        surface_container_low=p.card,
        surface_container=p.container,
        surface_container_high=p.container_high,
        surface_container_highest=p.container_highest,
    )


def theme(look: Look) -> ft.Theme:
    """The Material theme of a look."""
    p = look.palette
    words = look.style("body")
    text = ft.TextTheme(
        body_large=words,
        body_medium=words,
        body_small=look.style("meta"),
        headline_large=look.style("headline"),
        headline_medium=look.style("headline"),
        headline_small=look.style("title"),
        title_large=look.style("title"),
        title_medium=look.style("subtitle"),
        title_small=look.style("section"),
        label_large=look.style("label"),
        label_medium=look.style("badge"),
        label_small=look.style("badge"),
    )
    # 250 ms between screens; `none` with reduced motion.
    move = ft.PageTransitionTheme.NONE if look.still else ft.PageTransitionTheme.FADE_FORWARDS
    return ft.Theme(
        color_scheme=colour_scheme(p),
        use_material3=True,
        # Desktop browsers would draw everything 4 lower, chips below a fingertip.
        visual_density=ft.VisualDensity.STANDARD,
        font_family=FAMILIES[400],
        text_theme=text,
        scaffold_bgcolor=p.surface,
        canvas_color=p.surface,
        card_bgcolor=p.card,
        divider_color=p.outline_soft,
        page_transitions=ft.PageTransitionsTheme(
            android=move, linux=move, windows=move, macos=move, ios=ft.PageTransitionTheme.CUPERTINO
        ),
        navigation_bar_theme=ft.NavigationBarTheme(
            bgcolor=p.bars,
            indicator_color=p.primary_container,
            elevation=0,
            label_text_style={
                ft.ControlState.SELECTED: look.style("nav", p.ink),
                ft.ControlState.DEFAULT: look.style("nav", p.ink_soft),
            },
        ),
        bottom_sheet_theme=ft.BottomSheetTheme(
            bgcolor=p.card, elevation=0, shape=ft.RoundedRectangleBorder(radius=SHEET), drag_handle_color=p.outline
        ),
        dialog_theme=ft.DialogTheme(bgcolor=p.card, elevation=0, shape=ft.RoundedRectangleBorder(radius=SHEET)),
        popup_menu_theme=ft.PopupMenuTheme(
            color=p.card,
            elevation=0,
            shape=rounded(SMALL, side(p.outline, p.border)),
            label_text_style=look.style("body"),
        ),
        date_picker_theme=ft.DatePickerTheme(
            bgcolor=p.card, elevation=0, shape=rounded(SHEET), header_foreground_color=p.ink
        ),
        time_picker_theme=ft.TimePickerTheme(bgcolor=p.card, elevation=0, shape=rounded(SHEET)),
        tooltip_theme=ft.TooltipTheme(text_style=look.style("badge", p.surface)),
        scrollbar_theme=ft.ScrollbarTheme(thickness=4, radius=2, thumb_color=p.outline_soft),
    )
