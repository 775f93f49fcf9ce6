"""How printed pages look: colours, type and the marks of a load, light theme, for workbooks and PDF alike.

Colours carry nothing alone: a load state is always a word, an icon and a pattern as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

INK: Final = "#1C2530"
MUTED: Final = "#4D5967"
ACCENT: Final = "#0F5A7E"
SUNKEN: Final = "#ECEFED"
CANVAS: Final = "#F5F6F4"
BORDER: Final = "#717D8A"
DIVIDER: Final = "#D3D9DE"
DANGER: Final = "#A3261D"
DANGER_TINT: Final = "#FBEAE8"
OK: Final = "#2C6A45"
OK_TINT: Final = "#E8F3EC"
WARN: Final = "#7A5200"
WARN_TINT: Final = "#FBF1DC"

WORKBOOK_FONT: Final = "Arial"
"""there on every office machine; the PDF carries its own font"""
PDF_FONT: Final = "Open Sans"

PAPER_LETTER: Final = 1
MARGIN_INCHES: Final = 12 / 25.4
"""12 mm on every side"""
HEADER_MARGIN_INCHES: Final = 6 / 25.4


@dataclass(frozen=True, slots=True)
class LoadMark:
    """How a load state is shown: icon, colour and the workbook's fill pattern (ECMA-376 pattern of XlsxWriter's numbering)."""

    icon: str
    colour: str
    pattern: int


LOAD_MARKS: Final = {
    "room": LoadMark("○", "#6F86A4", 6),
    "in_range": LoadMark("✓", "#2A635F", 1),
    "above_range": LoadMark("△", "#94691F", 2),
    "over": LoadMark("▲", "#650F0A", 8),
    "no_capacity": LoadMark("–", "#717D8A", 0),
}
"""Load state (as the scorecard names it) → its mark: vertical stripes, solid, dots, diagonals, nothing."""


def workbook_options() -> dict[str, Any]:
    """How XlsxWriter opens a printed workbook. Made anew for each: it writes into what it is given, and the next would differ."""
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": WORKBOOK_FONT, "font_size": 10, "font_color": INK},
    }
