"""Files on their way in: looked at in a process of their own, shown before anything is written, taken in whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.utils.text import slugify

from evenload.exchange.confined import Answered, Mapped, problem_out, read_confined
from evenload.exchange.own_guess import ColumnGuess
from evenload.exchange.own_meanings import BY_CODE, NOT_USED
from evenload.exchange.own_rows import Answers
from evenload.exchange.rows import Rows
from evenload.planning.codes import DISCIPLINES, SETTINGS
from evenload.records.access import Person, may
from evenload.records.models import ColumnMapping, Import, Program
from evenload.workflow import journal, standard_versions
from evenload.workflow.intake_counts import Counts, counts
from evenload.workflow.records_from_rows import take_in
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import rows_of

UPLOAD_LIMIT_BYTES: Final = 25_000_000
KEPT_FOR: Final = timedelta(days=1)
"""a preview that nobody confirmed is forgotten after this, with its file"""
NAME_SHOWN: Final = 200
CODE_LENGTH: Final = 50
OF_REFERRALS: Final = "referrals"
"""kind of an import that is a list of referrals: `referral_intake` takes it in"""


def preview(
    content: bytes,
    name: str,
    *,
    by: Person,
    program: Program | None,
    at: datetime,
    columns: Mapping[int, str] | None = None,
    answers: Answers | None = None,
) -> Import:
    """Read a file for a program (None: for a new one) and keep what it would do; nothing of the program is written.

    A workbook gives counts and problems at once; an organisation's own list waits for its columns (`choose_columns`), unless
    they are given here. Refused `upload_empty`, `upload_too_large`, `program_needed`.
    """
    _check_reach(by, program)
    made = uploaded(content, name, by=by, program=program, at=at)
    base, version = _base(program)
    mapped = _mapped(columns, answers, base, "") if columns is not None and answers is not None else None
    answered = read_confined(content, name, mapped=mapped)
    _note(made, answered, base=base, version=version, mapped=mapped)
    keep_preview(made, by=by)
    return made


def uploaded(content: bytes, name: str, *, by: Person, program: Program | None, at: datetime) -> Import:
    """The file as it came, not kept yet. Refused `upload_empty`, `upload_too_large`."""
    if not content:
        raise Refused("upload_empty")
    if len(content) > UPLOAD_LIMIT_BYTES:
        raise Refused("upload_too_large", megabytes=round(len(content) / 1e6), limit=round(UPLOAD_LIMIT_BYTES / 1e6))
    return Import(program=program, by=by.account, at=at, file_name=file_shown(name), content=content)


def keep_preview(made: Import, *, by: Person) -> None:
    """Keeps what was read of an upload, with its line in the journal; forgets what nobody confirmed."""
    with transaction.atomic():
        forget_old(made.at)
        made.save()
        content = bytes(made.content)
        fingerprint = hashlib.sha256(content).hexdigest()
        journal.record(
            by,
            "import.preview",
            at=made.at,
            program=made.program,
            subject=made,
            file=made.file_name,
            bytes=len(content),
            sha256=fingerprint,
        )


def choose_sheet(made: Import, title: str, *, by: Person) -> None:
    """Look at another sheet of an own list. Refused `import_closed`."""
    _check_open(made, by)
    base, version = _base(made.program)
    answered = read_confined(bytes(made.content), made.file_name, title=title)
    _note(made, answered, base=base, version=version, mapped=None)
    _keep(made)


def choose_columns(made: Import, *, columns: Mapping[int, str], answers: Answers, by: Person, at: datetime) -> None:
    """Read an own list with what its columns mean; the mapping is remembered for the next list with these headings.

    Refused `import_closed`, `meaning_twice` (meaning=code) where two columns mean the same.
    """
    _check_open(made, by)
    used = [code for code in columns.values() if code != NOT_USED]
    twice = next((code for code in used if used.count(code) > 1), None)
    if twice is not None:
        raise Refused("meaning_twice", meaning=twice)
    base, version = _base(made.program)
    mapped = _mapped(columns, answers, base, made.columns.get("title", ""))
    answered = read_confined(bytes(made.content), made.file_name, mapped=mapped)
    _note(made, answered, base=base, version=version, mapped=mapped)
    with transaction.atomic():
        _keep(made)
        _remember(made, answered, columns, at)


def confirm(made: Import, *, by: Person, at: datetime) -> Program:
    """Take the file in: all of it or nothing, once. Returns the program.

    Consequences: rows created and changed, assignments opened, the file forgotten, a line in the journal. Refused
    `import_closed`, `import_not_mapped`, `import_has_problems`, `import_outdated` (the program changed since the preview, which
    is made anew), `import_not_stored` (the database would not keep a value), `program_needed`.
    """
    _check_open(made, by)
    if not may_confirm(made):
        raise Refused("import_not_mapped" if needs_columns(made) else "import_has_problems")
    base, version = _base(made.program)
    mapped = _mapped_again(made, base)
    answered = read_confined(bytes(made.content), made.file_name, mapped=mapped)
    if answered.rows is None or version != made.columns.get("facts_version"):
        _note(made, answered, base=base, version=version, mapped=mapped)
        with transaction.atomic():
            _keep(made)
        raise Refused("import_outdated")
    try:
        with transaction.atomic():
            return _taken(made, answered.rows, version, by=by, at=at)
    except (DatabaseError, ArithmeticError, ValueError) as error:
        raise Refused("import_not_stored") from error


def discard(made: Import, *, by: Person, at: datetime) -> None:
    """Forget the file and what it would have done. Refused `import_closed`."""
    with transaction.atomic():
        if not Import.objects.filter(pk=made.pk, state="previewed").update(state="discarded", content=b"", problems=[]):
            raise Refused("import_closed")
        journal.record(by, "import.discard", at=at, program=made.program, subject=made)
    made.refresh_from_db()


def may_confirm(made: Import) -> bool:
    """Whether nothing stands in the way of taking it in."""
    return made.state == "previewed" and made.columns.get("kind") != OF_REFERRALS and not needs_columns(made) and not blocking(made)


def needs_columns(made: Import) -> bool:
    """Whether an own list still waits to be told what its columns mean."""
    return bool(made.columns.get("kind") == "list" and made.columns.get("chosen") is None)


def blocking(made: Import) -> list[dict[str, Any]]:
    """The problems for which nothing is imported; doubts are not among them."""
    return [problem for problem in made.problems if not problem.get("is_doubt")]


def answers_of(made: Import) -> Answers | None:
    """What was answered beside the columns; None before."""
    stated = made.columns.get("answers")
    if not stated:
        return None
    given = {"period_start": date.fromisoformat(stated["period_start"]), "weekly_hours": Fraction(stated["weekly_hours"])}
    return Answers(**{**stated, **given})


def free_code(name: str) -> str:
    """A code for a new program, made from its name, that no other program has."""
    stem = slugify(name)[:CODE_LENGTH].strip("-") or "program"
    taken = set(Program.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if code not in taken)


def _taken(made: Import, rows: Rows, version: int | None, *, by: Person, at: datetime) -> Program:
    if not Import.objects.filter(pk=made.pk, state="previewed").update(state="imported", content=b""):
        raise Refused("import_closed")
    program = made.program
    if program is not None:
        held = Program.objects.select_for_update().get(pk=program.pk)
        if held.facts_version != version:
            raise Refused("import_outdated")
        program = held
        standard_versions.note_all(program, "stood", by=by, at=at)
    outcome = take_in(rows, program=program, code=program.code if program else free_code(rows.program.name_en))
    standard_versions.note_all(outcome.program, "imported", by=by, at=at)
    Import.objects.filter(pk=made.pk).update(program=outcome.program)
    if made.program is None:
        journal.record(by, "program.create", at=at, program=outcome.program, subject=outcome.program)
    units = [row.id for row in rows.units]
    journal.record(by, "import.confirm", at=at, program=outcome.program, subject=made, clients=units, counts=made.counts)
    made.refresh_from_db()
    return outcome.program


def _check_reach(by: Person, program: Program | None) -> None:
    """A new program is for who may create one; an existing one for who may import into it."""
    if program is None and not may(by, "program.create"):
        raise Refused("program_needed")
    if program is not None and not may(by, "import.make", program):
        raise Refused("program_needed")


def _check_open(made: Import, by: Person) -> None:
    _check_reach(by, made.program)
    if made.state != "previewed":
        raise Refused("import_closed")


def _base(program: Program | None) -> tuple[Rows | None, int | None]:
    """The program's rows as they are, and the version of its facts; read together."""
    if program is None:
        return None, None
    with transaction.atomic():
        fresh = Program.objects.get(pk=program.pk)
        return rows_of(fresh, with_held=True), fresh.facts_version


def _mapped(columns: Mapping[int, str] | None, answers: Answers | None, base: Rows | None, title: str) -> Mapped | None:
    if columns is None or answers is None:
        return None
    unknown = [code for code in columns.values() if code != NOT_USED and code not in BY_CODE]
    if unknown or answers.setting not in SETTINGS or answers.discipline not in ("", *DISCIPLINES):
        raise ValueError(f"unknown meaning, setting or discipline: {unknown}, {answers.setting!r}, {answers.discipline!r}")
    return Mapped(columns, answers, title, base)


def _mapped_again(made: Import, base: Rows | None) -> Mapped | None:
    chosen = made.columns.get("chosen")
    if chosen is None:
        return None
    return _mapped({int(index): code for index, code in chosen.items()}, answers_of(made), base, made.columns.get("title", ""))


def _note(made: Import, answered: Answered, *, base: Rows | None, version: int | None, mapped: Mapped | None) -> None:
    """Put what was found into the import, unsaved."""
    made.state = "refused" if answered.kind == "refused" else "previewed"
    if made.state == "refused":
        made.content = b""
    guesses = answered.columns if mapped else _remembered(answered, made.program)
    made.columns = {
        "kind": answered.kind,
        "title": answered.title,
        "titles": list(answered.titles),
        "headings_hash": answered.headings_hash,
        "guesses": [asdict(guess) for guess in guesses],
        "chosen": {str(index): code for index, code in mapped.columns.items()} if mapped else None,
        "answers": _plain_answers(mapped.answers) if mapped else None,
        "facts_version": version,
        "notices": list(answered.notices),
        "assumed": dict(answered.assumed),
        "program_name": answered.rows.program.name_en if answered.rows else "",
    }
    made.problems = [problem_out(one) for one in answered.problems] + [problem_out(one) | {"is_doubt": True} for one in answered.doubts]
    made.counts = counts(answered.rows, base) if answered.rows else Counts()


def _plain_answers(answers: Answers) -> dict[str, Any]:
    return asdict(answers) | {"period_start": answers.period_start.isoformat(), "weekly_hours": str(answers.weekly_hours)}


def _remembered(answered: Answered, program: Program | None) -> tuple[ColumnGuess, ...]:
    """The guesses, or what somebody chose for a list with these headings: in this program, else anywhere without one."""
    if not answered.columns:
        return ()
    known = ColumnMapping.objects.filter(headings_hash=answered.headings_hash, program__in=[program] if program else [])
    mapping = known.first() or ColumnMapping.objects.filter(headings_hash=answered.headings_hash, program__isnull=True).first()
    if mapping is None:
        return answered.columns
    chosen = {str(index): str(code) for index, code in mapping.columns.items() if code == NOT_USED or code in BY_CODE}
    return tuple(
        replace(guess, meaning=chosen[str(guess.index)], is_sure=True) if str(guess.index) in chosen else guess
        for guess in answered.columns
    )


def _remember(made: Import, answered: Answered, columns: Mapping[int, str], at: datetime) -> None:
    if answered.headings_hash:
        ColumnMapping.objects.update_or_create(
            program=made.program,
            headings_hash=answered.headings_hash,
            defaults={"columns": {str(index): code for index, code in columns.items()}, "remembered_at": at},
        )


def _keep(made: Import) -> None:
    """Store what was noted, if the import is still open."""
    values = {name: getattr(made, name) for name in ("state", "columns", "problems", "counts", "content")}
    if not Import.objects.filter(pk=made.pk, state="previewed").update(**values):
        raise Refused("import_closed")


def forget_old(at: datetime) -> None:
    """Files that were looked at and left are not kept."""
    Import.objects.filter(state="previewed", at__lt=at - KEPT_FOR).update(state="discarded", content=b"", problems=[])


def file_shown(name: str) -> str:
    """The file's own name, to be shown: its last part, unseen signs taken out. It names nothing on disk."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:NAME_SHOWN] or "?"
