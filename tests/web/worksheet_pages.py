"""Programs for the worksheet's tests, stated as rows, and how their pages are read: line by line, as a person reads them."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from cast import account
from evenload.exchange.rows import AbsenceRow, ClassRow, DutyRow, PractitionerRow, ProgramRow, Rows, UnitRow
from evenload.records.models import Account, Organisation, Program
from evenload.workflow.records_from_rows import take_in

STARTS_ON = date(2026, 1, 5)


def program_row(weeks: int = 52, **facts: Any) -> ProgramRow:
    """A community program of so many weeks."""
    return ProgramRow("Rehabilitation", "community", STARTS_ON, weeks, **facts)


def people(*weekly_hours: str, engagement: str = "employee", discipline: str = "OT") -> tuple[PractitionerRow, ...]:
    """One practitioner for each of these weekly hours."""
    return tuple(
        PractitionerRow(f"p{at}", (discipline,), engagement, Fraction(hours), {"en": "native"}, name=f"Person {at}")
        for at, hours in enumerate(weekly_hours)
    )


def class_row(id: str, visits: str, direct: str, indirect: str = "0", travel: str | None = "0", **facts: Any) -> ClassRow:
    """A class of occupational therapy; its label is its id."""
    stated = None if travel is None else Fraction(travel)
    minutes = {"direct_minutes": Fraction(direct), "indirect_minutes": Fraction(indirect), "travel_minutes": stated}
    return ClassRow(id, "OT", id, Fraction(visits), **minutes, **facts)


def unit_row(class_id: str, clients: int, **facts: Any) -> UnitRow:
    """The clients of one class, all in one unit."""
    return UnitRow(f"u-{class_id}", "area", "OT", class_id, clients=clients, language="en", **facts)


C1_CLASSES = (
    class_row("low", "6", "45", "15", "10", episode_minutes=Fraction(120)),
    class_row("moderate", "12", "45", "20", "10", episode_minutes=Fraction(180)),
    class_row("high", "24", "60", "30", "10", episode_minutes=Fraction(300)),
)
C1_AWAY = tuple(
    AbsenceRow("*", kind, days=Fraction(days))
    for kind, days in (("vacation", 20), ("statutory_holidays", 9), ("sick_time", 8), ("education", 4))
)


def c1(*weekly_hours: str, clients: tuple[int, int, int] = (120, 80, 40)) -> Rows:
    """Oracle C1: a year of employees, a quarter of their hours for other duties."""
    return Rows(
        program_row(),
        practitioners=people(*weekly_hours),
        absences=C1_AWAY,
        duties=(DutyRow("*", "administration", "percent", Fraction(25)),),
        classes=C1_CLASSES,
        units=tuple(unit_row(row.id, n) for row, n in zip(C1_CLASSES, clients, strict=True)),
    )


def recorded(rows: Rows, *, code: str = "rehab") -> tuple[Program, Account]:
    """The rows as records, and the program's manager."""
    Organisation.objects.get_or_create(id=1, defaults={"name_en": "Two Rivers Therapy"})
    program = take_in(rows, program=None, code=code).program
    return program, account(f"manager-of-{code}", "Max Manager", "program_manager", program)


class Sheet:
    """The worksheet of one program as its manager sees it."""

    def __init__(self, client: Client, program: Program) -> None:
        self.client = client
        self.path = reverse("worksheet", args=[program.code])
        self.tries: list[str] = []

    def page(self, step: int, **more: str) -> str:
        """One step, with what is tried."""
        answer = self.client.get(self.path, {"step": str(step), "try": self.tries, **more})
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())

    def typed(self, step: int, **fields: str) -> Any:
        """The form of a step, sent with all its fields as the page holds them, these ones changed (`hours__p0`: the field `hours:p0`)."""
        page = self.page(step)
        sent = dict(re.findall(r'<input class="form-control figure[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
        changed = {name.replace("__", ":", 1): text for name, text in fields.items()}
        assert changed.keys() <= {unescape(name) for name in sent}, sent.keys()
        kept = re.findall(r'name="try" value="([^"]+)"', page)
        return self.client.post(self.path, {**sent, **changed, "step": str(step), "try": kept})

    def try_out(self, step: int, **fields: str) -> None:
        """Types these figures and follows the answer to the address that holds them."""
        answer = self.typed(step, **fields)
        assert answer.status_code == 302, text(answer.content.decode())
        self.tries = re.findall(r"try=([^&#]+)", answer["Location"])
        self.tries = [unescape(one).replace("%3A", ":").replace("%40", "@").replace("%2A", "*").replace("%23", "#") for one in self.tries]


def text(page: str) -> str:
    """What is read: no tags, one space between words."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")).strip()


def lines(page: str) -> dict[str, list[str]]:
    """Every line of every table by its name: the texts of its cells. Of two lines of one name the first counts."""
    found: dict[str, list[str]] = {}
    for row in re.findall(r"<tr\b[^>]*>(.*?)</tr>", page, re.S):
        name = re.search(r'<th scope="row">(?:<details[^>]*><summary>)?(.*?)(?:</summary>|</th>)', row, re.S)
        if name:
            found.setdefault(text(name[1]), [text(cell) for cell in re.findall(r"<td\b[^>]*>(.*?)</td>", row, re.S)])
    return found


def exactly(page: str, name: str) -> Fraction:
    """The figure of an opened line, not rounded."""
    opened = re.search(rf"<summary>{re.escape(name)}\b.*?<dt>Exactly</dt><dd>(.*?) h, not rounded</dd>", page, re.S)
    assert opened, name
    return number(opened[1])


def number(shown: str) -> Fraction:
    """A number as the page writes it."""
    return Fraction(re.sub(r"[^\d.\-]", "", shown.replace("\u2212", "-")))


def rounded(shown: str, digits: int) -> str:
    """A number of the page, rounded half up to so many decimals, as it would be printed."""
    value = number(shown)
    units = (2 * abs(value.numerator) * 10**digits + value.denominator) // (2 * value.denominator)
    return f"{'-' if value < 0 else ''}{units / 10**digits:.{digits}f}"
