"""Step 3's arithmetic in both directions: clients for given hours, and full-time equivalents for given clients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from evenload.planning.capacity import shown
from evenload.planning.capacity_plan import Caseload, ClassLine
from evenload.planning.problems import Problem, Where
from evenload.planning.program import ComplexityClass
from evenload.planning.standards import ClassTime

MIX_TOLERANCE = Fraction(5, 1000)
"""A mix may miss 1 (or 100 %) by half a percent, as shares that were rounded for people do."""


def caseload(hours: Fraction, mix: Mapping[str, Fraction], hours_per_client: Mapping[str, Fraction]) -> Caseload:
    """The clients that the hours can carry at this mix: N = hours / Σ mix × hours per client (oracle C1 a)."""
    mean = sum((share * hours_per_client[id] for id, share in mix.items()), Fraction(0))
    if not mix or mean == 0:
        return Caseload(hours, mix, hours_per_client, None, {}, {}, "no_time" if mix else "no_clients")
    clients = hours / mean
    by_class = {id: share * clients for id, share in mix.items()}
    return Caseload(hours, mix, hours_per_client, clients, by_class, whole_clients(by_class, hours_per_client, hours))


def whole_clients(by_class: Mapping[str, Fraction], hours_per_client: Mapping[str, Fraction], hours: Fraction) -> dict[str, int]:
    """Floor each class, then add at most one client each by largest remainder while hours fit; ties by id."""
    whole = {id: exact.numerator // exact.denominator for id, exact in by_class.items()}
    spare = hours - sum((n * hours_per_client[id] for id, n in whole.items()), Fraction(0))
    for id in sorted(by_class, key=lambda id: (whole[id] - by_class[id], id)):
        if by_class[id] > whole[id] and hours_per_client[id] <= spare:
            whole[id] += 1
            spare -= hours_per_client[id]
    return whole


def demand_hours(clients: Mapping[str, Fraction], hours_per_client: Mapping[str, Fraction]) -> Fraction:
    """Hours that these clients need, Σ n × hours per client (oracle C1 b)."""
    return sum((n * hours_per_client[id] for id, n in clients.items()), Fraction(0))


def fte_required(demand: Fraction, care_hours_per_fte: Fraction) -> Fraction:
    """Full-time equivalents that a demand needs. Raises ZeroDivisionError where a full-time equivalent has no hours for care."""
    return demand / care_hours_per_fte


def visits_within(hours: Fraction, time: ClassTime) -> Fraction:
    """Visits of a class that fit into hours, missed bookings included, episodes not (oracle C2); exact, not yet whole."""
    return hours * 60 / (time.visit_minutes + time.lost_minutes_per_visit)


def clients_within(hours: Fraction, time: ClassTime) -> Fraction:
    """New clients of a class that fit into hours, episodes included (oracle C2); exact, not yet whole."""
    return hours / time.hours_per_client


def mix_of(lines: Iterable[ClassLine]) -> dict[str, Fraction]:
    """Each class's share of the clients of these lines; empty where there are none. Classes without clients are left out."""
    counts = {line.class_id: line.clients for line in lines if line.clients}
    total = sum(counts.values())
    return {id: Fraction(n, total) for id, n in counts.items()}


def mix_problems(mix: Mapping[str, Fraction], classes: Iterable[ComplexityClass]) -> Iterator[Problem]:
    """What is wrong with a stated mix: unknown classes, negative shares, a discipline that does not sum to 1 or 100 %."""
    discipline_of = {stated.id: stated.discipline for stated in classes}
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for id, share in mix.items():
        if id not in discipline_of:
            yield Problem("unknown_class", Where("mix", id, "class"), id)
            continue
        if share < 0:
            yield Problem("negative", Where("mix", id, "share"), shown(share))
        sums[discipline_of[id]] += share
    for discipline, total in sums.items():
        if abs(total - 1) > MIX_TOLERANCE and abs(total - 100) > 100 * MIX_TOLERANCE:
            yield Problem("mix_sum", Where("mix", discipline, "share"), shown(total), {"discipline": discipline})


def mixes_by_discipline(mix: Mapping[str, Fraction], classes: Iterable[ComplexityClass]) -> dict[str, dict[str, Fraction]]:
    """The stated mix of each discipline it names, scaled to sum to exactly 1. The mix must have no `mix_problems`."""
    found: dict[str, dict[str, Fraction]] = {}
    for discipline, own in _named(mix, classes).items():
        total = sum(own.values(), Fraction(0))
        found[discipline] = {id: share / total for id, share in own.items() if share}
    return found


def _named(mix: Mapping[str, Fraction], classes: Iterable[ComplexityClass]) -> dict[str, dict[str, Fraction]]:
    discipline_of = {stated.id: stated.discipline for stated in classes}
    named: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for id, share in mix.items():
        named[discipline_of[id]][id] = share
    return named
