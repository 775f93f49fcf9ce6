"""The one door for input: a workbook or a folder of CSV files becomes a Reading, or an InputError says why not."""

from __future__ import annotations

from pathlib import Path

from evenload.exchange.csv_folder import read_csv_folder
from evenload.exchange.reading import InputError, InputProblem, Reading
from evenload.exchange.workbook import read_workbook

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


def open_input(path: Path | str) -> Reading:
    """The Reading of a workbook (.xlsx, .xlsm, .xls, .ods) or of a folder of CSV files.

    Raises InputError, with every problem that was found, and nothing else: a path that is not there, cannot be read, or is of
    another kind is a problem like any other.
    """
    path = Path(path)
    try:
        if "\0" in str(path) or not path.exists():
            raise _refused(path, "file_missing")
        if path.is_dir():
            return read_csv_folder(path)
        if path.suffix.lower() not in WORKBOOKS:
            raise _refused(path, "file_type", {"suffix": path.suffix})
        return read_workbook(path)
    except MemoryError:
        raise _refused(path, "file_corrupted") from None
    except OSError:
        raise _refused(path, "file_unreadable") from None


def _refused(path: Path, code: str, facts: dict[str, str] | None = None) -> InputError:
    return InputError([InputProblem("", "", str(path), code, facts or {})])
