"""Rows that contradict each other or themselves, as far as a workbook shows it before anything is computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import cast

from evenload.exchange.findings import Findings
from evenload.exchange.places import place_of_postal
from evenload.exchange.tables import Table
from evenload.exchange.text_cells import Fault, number_text, same
from evenload.planning.problems import Notice, Where

PAIRS_OF_COORDINATES = {"practitioners": ("base_lat", "base_lon"), "sites": ("lat", "lon"), "units": ("lat", "lon")}
DEFAULT_LOW, DEFAULT_HIGH = Fraction(70), Fraction(95)
POSTAL_COLUMNS = {"practitioners": "base_postal", "sites": "postal", "units": "postal"}


def check_agreement(tables: Mapping[str, Table], findings: Findings) -> None:
    """Problems within rows: reversed ranges and dates, half a place, days and hours both or neither, a goal priced twice."""
    if "practitioners" in tables:
        _check_ranges(tables["practitioners"], findings)
    if "absences" in tables:
        _check_days_or_hours(tables["absences"], findings)
    if "goals" in tables:
        _check_goals(tables["goals"], findings)
    for name, (lat, lon) in PAIRS_OF_COORDINATES.items():
        if name in tables:
            _check_coordinates(tables[name], lat, lon, findings)


def _check_ranges(table: Table, findings: Findings) -> None:
    stated_low, stated_high = table.column("comfortable_min_percent"), table.column("comfortable_max_percent")
    firsts, lasts = table.column("from_date"), table.column("to_date")
    for position in range(len(table.numbers)):
        low, high = stated_low[position], stated_high[position]
        if isinstance(low, Fraction) and low > (high if isinstance(high, Fraction) else DEFAULT_HIGH):
            fault = Fault("min_above_max", {"maximum": _percent(high if isinstance(high, Fraction) else DEFAULT_HIGH)})
            table.accuse(findings, "comfortable_min_percent", position, _percent(low), fault=fault)
        elif low is None and isinstance(high, Fraction) and high < DEFAULT_LOW:
            fault = Fault("max_below_min", {"minimum": _percent(DEFAULT_LOW)})
            table.accuse(findings, "comfortable_max_percent", position, _percent(high), fault=fault)
        first, last = firsts[position], lasts[position]
        if isinstance(first, date) and isinstance(last, date) and last < first:
            table.accuse(findings, "to_date", position, last.isoformat(), fault=Fault("dates_reversed", {"from_date": first.isoformat()}))


def _percent(percent: Fraction) -> str:
    return number_text(float(percent))


def _check_days_or_hours(table: Table, findings: Findings) -> None:
    days, hours = table.column("days"), table.column("hours")
    firsts, lasts = table.column("from_date"), table.column("to_date")
    for position in range(len(table.numbers)):
        if position in table.faulty:
            continue
        first, last = firsts[position], lasts[position]
        if isinstance(last, date) and (not isinstance(first, date) or last < first):
            stated = {"from_date": first.isoformat()} if isinstance(first, date) else {}
            table.accuse(findings, "to_date", position, last.isoformat(), fault=Fault("dates_reversed", stated))
        if days[position] is None and hours[position] is None and first is None:
            table.accuse(findings, "days", position, "", fault=Fault("days_or_hours_missing"))
        elif days[position] is not None and hours[position] is not None:
            table.accuse(findings, "hours", position, _percent(cast("Fraction", hours[position])), fault=Fault("days_and_hours"))


def _check_goals(table: Table, findings: Findings) -> None:
    first: dict[str, int] = {}
    for position, goal in enumerate(table.column("goal")):
        if isinstance(goal, str) and first.setdefault(goal, position) != position:
            table.accuse(findings, "goal", position, goal, fault=Fault("goal_twice", {"first": table.cell("goal", first[goal])}))


def _check_coordinates(table: Table, lat: str, lon: str, findings: Findings) -> None:
    lats, lons = table.column(lat), table.column(lon)
    for position in range(len(table.numbers)):
        if (lats[position] is None) != (lons[position] is None) and position not in table.faulty:
            missing, other = (lat, lon) if lats[position] is None else (lon, lat)
            table.accuse(findings, missing, position, "", fault=Fault("coordinate_missing", {"other": other}))


def remarks(tables: Mapping[str, Table]) -> tuple[Notice, ...]:
    """What the reader should know though it is no error: suspicious percents, an as_of after the period, unknown places, …"""
    return (
        *_percents_below_one(tables),
        *_as_of_after_period(tables["program"]),
        *_visits_of_unknown(tables),
        *_postal_codes_without_place(tables),
    )


def _percents_below_one(tables: Mapping[str, Table]) -> list[Notice]:
    found = [("program", "reserve_percent", 0)]
    if "duties" in tables:
        found += [("duties", "amount", place) for place, basis in enumerate(tables["duties"].column("basis")) if basis == "percent"]
    notices = []
    for name, column, position in found:
        table, value = tables[name], tables[name].column(column)[position]
        if isinstance(value, Fraction) and 0 < value < 1:
            facts = {"sheet": table.title, "cell": table.cell(column, position), "value": _percent(value)}
            notices.append(Notice("percent_below_one", Where(table.title, None, column), facts))
    return notices


def _as_of_after_period(program: Table) -> list[Notice]:
    start, weeks, as_of = (program.column(name)[0] for name in ("period_start", "period_weeks", "as_of"))
    if not (isinstance(start, date) and isinstance(weeks, int) and isinstance(as_of, date)):
        return []
    end = start + timedelta(weeks=weeks, days=-1)
    if as_of <= end:
        return []
    return [Notice("as_of_after_period", Where(program.title, None, "as_of"), {"as_of": as_of.isoformat(), "end": end.isoformat()})]


def _visits_of_unknown(tables: Mapping[str, Table]) -> list[Notice]:
    """Past visits may name people who have left; a typing error would look the same, so it is said how many."""
    notices = []
    for column, sheet in (("practitioner", "practitioners"), ("unit", "units")):
        if "visits" not in tables or column not in tables["visits"].values:
            continue
        known = {same(str(id)) for id in tables[sheet].column("id")}
        counts = Counter(str(name) for name in tables["visits"].column(column) if name is not None)
        unknown = {name: count for name, count in counts.items() if same(name) not in known}
        if unknown:
            facts = {"count": str(sum(unknown.values())), "column": column, "example": min(unknown)}
            notices.append(Notice("visits_of_unknown", Where(tables["visits"].title, None, column), facts))
    return notices


def _postal_codes_without_place(tables: Mapping[str, Table]) -> list[Notice]:
    notices = []
    for name, column in POSTAL_COLUMNS.items():
        codes = tables[name].column(column) if name in tables else []
        unknown = [str(code) for code in codes if code is not None and place_of_postal(str(code)) is None]
        if unknown:
            facts = {"count": str(len(unknown)), "example": min(unknown)}
            notices.append(Notice("postal_without_place", Where(tables[name].title, None, column), facts))
    return notices
