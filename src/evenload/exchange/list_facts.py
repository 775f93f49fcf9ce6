"""What every view of the assignment list needs: the plan, the case and the stated rows behind it, names, and a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evenload.exchange.pages import Emphasis, LoadWord
from evenload.exchange.rows import Rows, SiteRow, UnitRow
from evenload.planning.case import Case, Unit, round_half_up
from evenload.planning.changes import Change, Changes, changes
from evenload.planning.demand import UnitDemand, unit_demands
from evenload.planning.plan import Assignment, Load, Plan, Waiting
from evenload.planning.program import Program
from evenload.planning.standing import load_state
from evenload.words import Words
from evenload.words.labels import label


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit as every view shows it, already in words."""

    unit: Unit
    site: str
    unit_label: str
    place: str
    discipline: str
    primary: str
    cover: str
    language: str
    used: int
    left: int
    from_date: date | None
    note: str
    changed: str
    emphasis: Emphasis
    assignment: Assignment | None

    @property
    def sort_key(self) -> tuple[str, ...]:
        """By site, then discipline, then unit."""
        return (self.site.casefold(), self.discipline, self.unit_label.casefold(), self.unit.id)


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A plan of a case, with the rows it came from, seen in one language; `lines` holds every unit once."""

    rows: Rows
    program: Program
    case: Case
    plan: Plan
    words: Words
    names: Mapping[str, str]
    """what to call every practitioner, unit, block, class and site"""
    changes: Changes
    waiting: Mapping[str, Waiting]
    sites: Mapping[str, SiteRow]
    stated: Mapping[str, UnitRow]
    lines: tuple[UnitLine, ...] = ()

    def name(self, id: str) -> str:
        """What to call a practitioner, unit or site."""
        return self.names.get(id, id)

    def discipline(self, code: str) -> str:
        """A discipline in short: OT."""
        return label(self.words, "discipline_short", code)

    def area(self, code: str) -> str:
        """An area; "All areas" where none is known."""
        return label(self.words, "area", code)

    def language(self, code: str | None) -> str:
        """The language asked for; a dash where none is."""
        if code is None:
            return "–"
        name = self.words.language_name(code)
        return name[:1].upper() + name[1:]

    def load_word(self, load: Load) -> LoadWord:
        """A load's state and its word."""
        state = load_state(self.case.practitioner(load.practitioner), load.assigned_minutes)
        return LoadWord(state, label(self.words, "load", state))

    def units_phrase(self, n: int) -> str:
        """3 units."""
        return self.words.say_n("{n} unit", "{n} units", n)

    def clients_phrase(self, n: int) -> str:
        """3 clients."""
        return self.words.say_n("{n} client", "{n} clients", n)

    def hours_of(self, minutes: int) -> Fraction:
        """Minutes as hours."""
        return Fraction(minutes, 60)


def list_facts(rows: Rows, program: Program, case: Case, plan: Plan, *, words: Words) -> ListFacts:
    """Everything that the views need, looked up once. Raises KeyError where the plan is not one of this case."""
    facts = ListFacts(
        rows=rows,
        program=program,
        case=case,
        plan=plan,
        words=words,
        names=_names(rows, case, words),
        changes=changes(case, plan),
        waiting={row.unit: row for row in plan.waiting},
        sites={row.id: row for row in rows.sites},
        stated={row.id: row for row in rows.units},
    )
    lines = _lines(facts, unit_demands(program))
    return ListFacts(**{name: getattr(facts, name) for name in facts.__slots__ if name != "lines"}, lines=lines)


def _names(rows: Rows, case: Case, words: Words) -> dict[str, str]:
    stated = rows.labels_of_units()
    blocks = {unit.id: stated.get(unit.stated_id, unit.stated_id) for unit in case.units}
    lang = words.lang
    return {**rows.labels_of_classes(lang), **stated, **blocks, **rows.names_of_sites(lang), **rows.names_of_practitioners()}


def _lines(facts: ListFacts, demands: Mapping[str, UnitDemand]) -> tuple[UnitLine, ...]:
    holder = {row.unit: row for row in facts.plan.assignments}
    cover = {row.unit: row.practitioner for row in facts.plan.cover}
    moved = {change.unit: change for change in (*facts.changes.moved, *facts.changes.newly_placed, *facts.changes.newly_waiting)}
    parts = _parts(facts.case)
    lines = [
        _line(facts, unit, holder.get(unit.id), cover.get(unit.id), moved.get(unit.id), demands[unit.stated_id], parts.get(unit.id))
        for unit in facts.case.units
    ]
    return tuple(sorted(lines, key=lambda line: line.sort_key))


def _parts(case: Case) -> dict[str, tuple[int, int]]:
    """Number and count of each block of a unit that was split."""
    blocks: dict[str, list[str]] = {}
    for unit in sorted(case.units, key=lambda unit: (len(unit.id), unit.id)):
        if unit.id != unit.stated_id:
            blocks.setdefault(unit.stated_id, []).append(unit.id)
    return {id: (number, len(ids)) for ids in blocks.values() for number, id in enumerate(ids, start=1)}


def _line(
    facts: ListFacts,
    unit: Unit,
    assignment: Assignment | None,
    cover: str | None,
    change: Change | None,
    demand: UnitDemand,
    part: tuple[int, int] | None,
) -> UnitLine:
    words, stated = facts.words, facts.stated[unit.stated_id]
    return UnitLine(
        unit=unit,
        site=facts.name(unit.site) if unit.site is not None else label(words, "unit_kind", unit.kind),
        unit_label=_unit_label(facts, unit),
        place=_place(facts, unit),
        discipline=facts.discipline(unit.discipline),
        primary=words.say("waiting") if assignment is None else facts.name(assignment.practitioner),
        cover=_cover(facts, assignment, cover),
        language=facts.language(unit.language),
        used=round_half_up(demand.used),
        left=round_half_up(demand.remaining),
        from_date=_from_date(facts, stated, assignment, change),
        note=_note(facts, stated, unit, part),
        changed=_changed(facts, change),
        emphasis="waiting" if assignment is None else "plain" if change is None else "changed",
        assignment=assignment,
    )


def _unit_label(facts: ListFacts, unit: Unit) -> str:
    """The stated label without the site and discipline that stand beside it; the class where no label is stated."""
    text = facts.stated[unit.stated_id].label or facts.name(unit.class_id)
    site = facts.sites.get(unit.site or "")
    for beside in (site.name_en if site else "", (site.name_fr or "") if site else "", unit.discipline, facts.discipline(unit.discipline)):
        shorter = text.removeprefix(beside).lstrip(" ,;:-–") if beside else text
        text = shorter or text
    return text


def _place(facts: ListFacts, unit: Unit) -> str:
    town = facts.sites[unit.site].town if unit.site is not None else None
    return town or facts.area(unit.area)


def _cover(facts: ListFacts, assignment: Assignment | None, cover: str | None) -> str:
    if assignment is None:
        return ""
    return facts.words.say("none: gap") if cover is None else facts.name(cover)


def _from_date(facts: ListFacts, stated: UnitRow, assignment: Assignment | None, change: Change | None) -> date | None:
    """A new pairing begins on the day the plan is made for, or later where the unit does; an old one when it is stated."""
    if assignment is None or change is None:
        return stated.from_date
    return max(facts.case.as_of, stated.from_date or facts.case.as_of)


def _note(facts: ListFacts, stated: UnitRow, unit: Unit, part: tuple[int, int] | None) -> str:
    words = facts.words
    notes = [stated.note] if stated.note else []
    if part is not None:
        number, count = part
        said = words.say_n(
            "Part {number} of {count}: {n} client",
            "Part {number} of {count}: {n} clients",
            unit.clients,
            number=number,
            count=count,
        )
        notes.append(said)
    return "; ".join(notes)


def _changed(facts: ListFacts, change: Change | None) -> str:
    words = facts.words
    if change is None:
        return ""
    if change.before is None:
        return words.say("NEW")
    if change.after is None:
        return words.say("was {name}", name=facts.name(change.before))
    return words.say("NEW, was {name}", name=facts.name(change.before))
