"""Many referrals from one file: read in a child, checked row by row, shown, and then all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate

from evenload.exchange.columns import folded
from evenload.exchange.confined import problem_out
from evenload.exchange.reading import InputProblem
from evenload.exchange.referral_list import ReferralList, ReferralRow, read_referrals
from evenload.exchange.text_cells import shown
from evenload.records.access import Person
from evenload.records.models import Import, Program, Referral
from evenload.records.queries import open_referrals
from evenload.workflow import journal, referrals
from evenload.workflow.departures import facts_changing
from evenload.workflow.intake import OF_REFERRALS, blocking, keep_preview, uploaded
from evenload.workflow.referrals import Known, NewReferral, Wrong
from evenload.workflow.refused import Refused

DEFAULT_HOW: Final = "referrer"
ASKED_BY_SENDER: Final = "–"
LIMITS: Final = {"client": 60, "name": 200, "asked_by": 200, "number": 60, "note": 500}


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file beside the program as it is now."""

    stated: tuple[NewReferral, ...]
    problems: tuple[dict[str, Any], ...]

    @property
    def is_blocked(self) -> bool:
        return any(not one.get("is_doubt") for one in self.problems)


def preview(content: bytes, name: str, *, by: Person, program: Program, at: datetime) -> Import:
    """Read a list of referrals and keep what it would do; no referral is written. Refused `upload_empty`, `upload_too_large`."""
    made = uploaded(content, name, by=by, program=program, at=at)
    _note(made, _checked(program, read_referrals(content, name), today=localdate(at)))
    keep_preview(made, by=by)
    return made


def _note(made: Import, checked: _Checked) -> None:
    is_unread = not checked.stated and checked.is_blocked
    made.state = "refused" if is_unread else "previewed"
    made.content = b"" if is_unread else made.content
    made.columns = {"kind": OF_REFERRALS, "rows": len(checked.stated)}
    made.problems = list(checked.problems)
    made.counts = {OF_REFERRALS: {"created": len(checked.stated), "changed": 0, "left": 0, "gone": 0}}


def may_confirm(made: Import) -> bool:
    """Whether nothing stands in the way of taking it in."""
    return made.state == "previewed" and made.columns.get("kind") == OF_REFERRALS and made.columns.get("rows", 0) > 0 and not blocking(made)


def confirm(made: Import, *, by: Person, at: datetime) -> int:
    """Take all of them in, once: how many. The file is forgotten.

    Refused `import_closed`, `import_has_problems`, `import_outdated` where the program changed so that a row is a problem now: the
    preview is made anew.
    """
    if made.state != "previewed" or made.columns.get("kind") != OF_REFERRALS or made.program is None:
        raise Refused("import_closed")
    if not may_confirm(made):
        raise Refused("import_has_problems")
    found = read_referrals(bytes(made.content), made.file_name)
    with facts_changing(), transaction.atomic():
        program = Program.objects.select_for_update().get(pk=made.program.pk)
        checked = _checked(program, found, today=localdate(at))
        if not checked.is_blocked:
            if not Import.objects.filter(pk=made.pk, state="previewed").update(state="imported", content=b""):
                raise Refused("import_closed")
            count = _store_all(program, checked.stated, by=by, at=at)
            journal.record(by, "import.confirm", at=at, program=program, subject=made, counts=made.counts)
            made.refresh_from_db()
            return count
    _note(made, checked)
    Import.objects.filter(pk=made.pk, state="previewed").update(problems=made.problems, columns=made.columns, counts=made.counts)
    raise Refused("import_outdated")


def _store_all(program: Program, stated: Iterable[NewReferral], *, by: Person, at: datetime) -> int:
    """One after another, so that the second referral of a client in the file finds her."""
    known, rows = referrals.known_of(program, today=localdate(at)), list(stated)
    clients = dict(known.clients)
    for one in rows:
        made = referrals.store(replace(known, clients=clients), one, by=by, at=at)
        clients[made.client.code] = made.client
    return len(rows)


def _checked(program: Program, found: ReferralList, *, today: date) -> _Checked:
    known = referrals.known_of(program, today=today)
    names = _Names.of(known)
    stated = tuple(_stated(row, names) for row in found.rows)
    unread = {problem.cell for problem in found.problems}
    problems: list[dict[str, Any]] = [problem_out(one) for one in found.problems]
    for row, one in zip(found.rows, stated, strict=True):
        problems += _told(found, row, [*_too_long(one), *referrals.check(known, one)], unread)
    problems += _known_already(program, found, stated)
    return _Checked(stated, tuple(sorted(problems, key=_place)))


def _place(problem: Mapping[str, Any]) -> tuple[int, str]:
    digits = "".join(sign for sign in problem["cell"] if sign.isdigit())
    return int(digits or 0), problem["cell"]


def _told(
    found: ReferralList, row: ReferralRow, wrong: Iterable[Wrong], unread: Iterable[str] = (), *, is_doubt: bool = False
) -> list[dict[str, Any]]:
    """Problems of a row at their cells; what could not be read there is told once."""
    told = []
    for one in wrong:
        value = row.values.get(one.place)
        facts = {name: fact.isoformat() if isinstance(fact, date) else str(fact) for name, fact in one.facts.items()}
        problem: InputProblem = found.problem(row.row, one.place, shown(value), code=one.code, facts=facts)
        if problem.cell not in unread:
            told.append(problem_out(problem) | {"is_referral": True} | ({"is_doubt": True} if is_doubt else {}))
    return told


def _too_long(stated: NewReferral) -> Iterable[Wrong]:
    for name, most in LIMITS.items():
        if len(getattr(stated, name)) > most:
            yield Wrong(name, "text_too_long", {"most": most})


@dataclass(frozen=True, slots=True)
class _Names:
    """What a list may call sites, classes and contracts: their codes, or their names in either language."""

    sites: Mapping[str, str]
    standards: Mapping[str, str]
    contracts: Mapping[str, str]

    @classmethod
    def of(cls, known: Known) -> _Names:
        """The names of a program."""
        sites = ((one.code, (one.name_en, one.name_fr)) for one in known.sites.values())
        standards = ((one.code, (one.label_en, one.label_fr)) for one in known.standards.values())
        contracts = ((one.code, (one.name_en, one.name_fr)) for one in known.contracts.values())
        return cls(*(_by_name(rows) for rows in (sites, standards, contracts)))


def _by_name(rows: Iterable[tuple[str, tuple[str, str]]]) -> dict[str, str]:
    """Folded code or name → code. A name that two have stands for neither."""
    codes: dict[str, str] = {}
    names: dict[str, set[str]] = {}
    for code, both in rows:
        codes[folded(code)] = code
        for name in filter(None, both):
            names.setdefault(folded(name), set()).add(code)
    return {name: next(iter(found)) for name, found in names.items() if len(found) == 1} | codes


def _stated(row: ReferralRow, names: _Names) -> NewReferral:
    values: dict[str, Any] = dict(row.values)
    for place, known in (("site", names.sites), ("complexity", names.standards), ("contract", names.contracts)):
        if place in values:
            values[place] = known.get(folded(str(values[place])), str(values[place]))
    if values.get("language"):
        values = {"asked_how": DEFAULT_HOW, "asked_by": ASKED_BY_SENDER, "asked_on": values.get("received_on")} | values
    else:
        values = {name: value for name, value in values.items() if name not in ("asked_how", "asked_by", "asked_on")}
    return NewReferral(**values)


def _known_already(program: Program, found: ReferralList, stated: tuple[NewReferral, ...]) -> list[dict[str, Any]]:
    """Numbers taken in before, numbers and clients twice in the file; and, to be looked at, referrals that may be here already."""
    numbers = {one.number.casefold() for one in stated if one.number}
    taken = {
        number.casefold() for number in Referral.objects.filter(client__program=program).exclude(number="").values_list("number", flat=True)
    }
    rows = open_referrals(program).select_related("client")
    open_rows = list(rows) if stated else []
    first: dict[tuple[str, ...], int] = {}
    told: list[dict[str, Any]] = []
    for row, one in zip(found.rows, stated, strict=True):
        wrong = []
        number = one.number.casefold()
        if number in taken & numbers:
            wrong.append(Wrong("number", "number_known"))
        for place, key in (("number", ("number", number)), ("client", ("client", one.client, one.discipline))):
            if key[1] and first.setdefault(key, row.row) != row.row:
                wrong.append(Wrong(place, f"{place}_twice", {"row": first[key]}))
        told += _told(found, row, wrong)
        told += _told(found, row, _alike(one, open_rows) if not wrong else (), is_doubt=True)
    return told


def _alike(stated: NewReferral, open_rows: Iterable[Referral]) -> Iterable[Wrong]:
    for one in open_rows:
        if one.discipline == stated.discipline and referrals.may_be_same(one, stated):
            yield Wrong("initials", "referral_alike", {"initials": one.client.initials, "day": one.received_on})
            return
