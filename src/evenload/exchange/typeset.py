"""PDF by Typst: tagged, with our own fonts. A large document is set in a process of its own, whose memory ends with it.

    python -m evenload.exchange.typeset < order > document

A list of 6,000 rows takes the typesetter close to a gigabyte, which it would keep for as long as the server runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import typst

LARGE_CHARACTERS: Final = 300_000
"""of the texts that the document is made of: some 1,500 rows of a list"""
SECONDS: Final = 300

_HERE: Final = Path(__file__).parent
_NO_GLYPH: Final = "could not be displayed with font"


def set_pdf(template: str, inputs: Mapping[str, str]) -> bytes:
    """The document as PDF/UA-1; only tagged where a text holds a character that the font does not have.

    `template` is a file of the folder `typst`, `inputs` its texts by name. Raises RuntimeError where it cannot be set.
    """
    if sum(map(len, inputs.values())) < LARGE_CHARACTERS:
        return _set(template, inputs)
    order = json.dumps({"template": template, "inputs": dict(inputs)}).encode()
    command = [sys.executable, "-I", "-m", "evenload.exchange.typeset"]
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    done = subprocess.run(command, input=order, capture_output=True, timeout=SECONDS, env=kept, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{template}: the typesetter ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout


def _set(template: str, inputs: Mapping[str, str]) -> bytes:
    try:
        return _compiled(template, inputs, ["ua-1"])
    except typst.TypstError as error:
        if _NO_GLYPH not in error.message:
            raise RuntimeError(f"{template}: {error.message}") from error
        return _compiled(template, inputs, [])


def _compiled(template: str, inputs: Mapping[str, str], standards: list[typst.PDFStandard]) -> bytes:
    folder = _HERE / "typst"
    compiler = typst.Compiler(root=str(folder), font_paths=[str(_HERE / "fonts")], ignore_system_fonts=True)
    made = compiler.compile(input=str(folder / template), format="pdf", sys_inputs=dict(inputs), pdf_standards=standards)
    if not isinstance(made, bytes):
        raise TypeError(f"expected one PDF, got {type(made).__name__}")
    return made


if __name__ == "__main__":
    stated = json.load(sys.stdin)
    sys.stdout.buffer.write(_set(stated["template"], stated["inputs"]))
