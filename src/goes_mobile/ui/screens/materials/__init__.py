"""Materialien: the library and one of them."""

from goes_mobile.ui.screens.materials.library import MaterialsScreen
from goes_mobile.ui.screens.materials.material import MaterialScreen

__all__ = ["MaterialScreen", "MaterialsScreen"]
