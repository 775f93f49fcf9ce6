"""Reads the colours out of the style sheet, and counts their contrast as WCAG 2 does."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "src" / "evenload" / "web" / "static"
SCHEMES = ("light", "dark")
TOKEN = re.compile(r"--ev-([\w-]+):\s*light-dark\((#[0-9A-Fa-f]{6}),\s*(#[0-9A-Fa-f]{6})\);")


@cache
def tokens() -> dict[str, dict[str, str]]:
    """scheme → name of the token → colour."""
    found = TOKEN.findall((STATIC / "css" / "tokens.css").read_text(encoding="utf-8"))
    return {scheme: {name: colours[place] for name, *colours in found} for place, scheme in enumerate(SCHEMES)}


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 to 1."""
    red, green, blue = (linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(channel: float) -> float:
    """A channel of sRGB as light."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
