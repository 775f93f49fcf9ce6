"""A PLAN.json that somebody hands in: read, with every problem said."""

from __future__ import annotations

from pathlib import Path

from evenload.exchange.plan_json import plan_from_json
from evenload.exchange.reading import InputError, InputProblem
from evenload.planning.plan import Plan

LARGEST_BYTES = 500_000_000


def read_plan(path: Path) -> Plan:
    """The plan in the file. Raises InputError where there is no readable file, CaseError with every problem of its content."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError([InputProblem("", "", str(path), "file_too_large", _megabytes(path))])
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError([InputProblem("", "", str(path), "file_missing")]) from error
    except UnicodeDecodeError as error:
        raise InputError([InputProblem("", "", str(path), "plan_not_json", {"detail": "UTF-8"})]) from error
    except OSError as error:
        raise InputError([InputProblem("", "", str(path), "file_unreadable")]) from error
    return plan_from_json(text)


def _megabytes(path: Path) -> dict[str, str]:
    return {"limit": str(LARGEST_BYTES // 1_000_000), "megabytes": str(path.stat().st_size // 1_000_000)}
