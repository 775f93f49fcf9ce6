"""The QR code of an edition: leads to the answer whether a print is current."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

import segno

SIZE_MILLIMETRES: Final = 20
_QUIET_MODULES: Final = 2
_PIXELS_PER_MODULE: Final = 10
_MILLIMETRES_PER_INCH: Final = 25.4


@lru_cache(maxsize=16)
def code_svg(address: str) -> str:
    """The code as SVG, sized by whoever shows it; attributes only, so that a strict policy lets it pass."""
    out = io.BytesIO()
    _code(address).save(
        out,
        kind="svg",
        border=_QUIET_MODULES,
        xmldecl=False,
        svgns=True,
        nl=False,
        omitsize=True,
        light="#ffffff",
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue().decode()


@lru_cache(maxsize=16)
def code_png(address: str) -> bytes:
    """The code as PNG that is 20 mm wide where its resolution is obeyed."""
    out, code = io.BytesIO(), _code(address)
    pixels = code.symbol_size(scale=_PIXELS_PER_MODULE, border=_QUIET_MODULES)[0]
    dots_per_inch = round(pixels * _MILLIMETRES_PER_INCH / SIZE_MILLIMETRES)
    code.save(out, kind="png", scale=_PIXELS_PER_MODULE, border=_QUIET_MODULES, dpi=dots_per_inch)
    return out.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m", boost_error=False)
