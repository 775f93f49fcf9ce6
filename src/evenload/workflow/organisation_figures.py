"""The figures of several programs together, each counted by itself and kept: nothing is counted again that has not changed.

A program's figures hold as long as what they stand for (its facts, open referrals and conversations, contracts, the day). Once that has
changed they are shown for at most FRESH, with the moment they were counted; a worker counts them again meanwhile. What fails costs its own
part only: the last good figures stay, and say of when they are.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from evenload import __version__
from evenload.planning.problems import CaseError
from evenload.records.models import Contract, KeptFigures, LoadTalk, PlanRun, Program
from evenload.records.models.talks import OPEN_TALKS
from evenload.records.queries import open_referral_versions
from evenload.workflow.kept_figures import Kept, from_json, keep, kept_of, to_json
from evenload.workflow.organisation_parts import HelpPart, PlanPart, RecordPart, help_part, plan_and_records

log = logging.getLogger("evenload.figures")

PROGRAM: Final = "program"
HELP: Final = "one more hour"
FRESH: Final = timedelta(minutes=10)
"""so long figures of before are shown, with their time, though something has changed since"""
CONTRADICT: Final = "facts_contradict"
BROKEN: Final = "broken"


@dataclass(frozen=True, slots=True)
class ProgramPart:
    """One program on the overview. None: never counted. `failure`: `facts_contradict`, `broken`, or empty.

    With a failure `plan` holds the last good figures, of `plan_at`.
    """

    program: Program
    plan: PlanPart | None
    plan_at: datetime | None
    records: RecordPart | None
    as_of: datetime
    failure: str
    help: HelpPart | None

    @property
    def lacks(self) -> str:
        """Why its hours do not count: `no_hours`, `no_clients`, `period_over`, or a failure without figures of before; empty: they count."""
        return self.plan.lacks if self.plan is not None else self.failure

    @property
    def counts(self) -> bool:
        """Whether its hours are in the sums."""
        return not self.lacks


def program_parts(programs: Iterable[Program], *, at: datetime, anew: bool = False) -> tuple[ProgramPart, ...]:
    """Every program's figures. The number of queries is the same for any number of programs whose figures are kept.

    `anew` counts at once whatever has changed, however lately it was counted.
    """
    rows = list(programs)
    today = localdate(at)
    stands, kept = stands_for(rows, today), _kept(rows)
    runs, helped = _last_runs(rows), kept_of(rows, HELP)
    found = []
    for program in rows:
        known = kept.get(program.pk)
        if known is None or _is_due(known, stands[program.pk], at=at, anew=anew):
            known = _counted(program, known, stands[program.pk], today=today, at=at)
        own_help = _help(program, runs.get(program.pk), helped.get(program.pk), at=at)
        found.append(_part(program, known, stands[program.pk], own_help, at))
    return tuple(found)


def renew_next(*, at: datetime, before: datetime | None = None) -> int:
    """What the worker does: count one program again whose facts have changed, those first that another version of Evenload counted.

    0: none has. Programs nobody ever looked at are left alone, and those counted at `before` or later: on a busy day facts change all
    the time.
    """
    looked_at = list(Program.objects.filter(kept_figures__part=PROGRAM).distinct())
    stands, kept = stands_for(looked_at, localdate(at)), _kept(looked_at)
    due = [one for one in looked_at if one.pk not in kept or kept[one.pk].stands_for != stands[one.pk]]
    due = [one for one in due if before is None or one.pk not in kept or kept[one.pk].counted_at < before]
    oldest = min(due, key=lambda one: kept[one.pk].counted_at.timestamp() if one.pk in kept else 0.0, default=None)
    if oldest is None:
        return 0
    parts = program_parts([oldest], at=at, anew=True)
    return int(all(part.failure != BROKEN for part in parts))


def _kept(programs: list[Program]) -> dict[int, Kept]:
    """What is kept and can be read: another version of Evenload may have written otherwise."""
    return {key: one for key, one in kept_of(programs, PROGRAM).items() if one.figures.get("version") == __version__}


def stands_for(programs: list[Program], today: date) -> dict[int, str]:
    """Program → what its figures depend on, as one text; three queries."""
    waiting = open_referral_versions()
    open_talks = LoadTalk.objects.filter(practitioner__program__in=programs, state__in=OPEN_TALKS).order_by()
    fields = ("practitioner__program", "pk", "state", "answer_due", "follow_up_on")
    talks = _by_program(open_talks.values_list(*fields).order_by("pk"))
    columns = [field.attname for field in Contract._meta.concrete_fields if field.attname != "program_id"]
    contracts = _by_program(Contract.objects.filter(program__in=programs).order_by("pk").values_list("program_id", *columns))
    return {
        one.pk: _short(__version__, today, one.facts_version, waiting.get(one.pk), talks.get(one.pk), contracts.get(one.pk))
        for one in programs
    }


def _by_program(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for key, *rest in rows:
        found.setdefault(key, []).append(tuple(rest))
    return found


def _short(*facts: object) -> str:
    """As a text of one length, whatever it is of."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _is_due(kept: Kept, stands: str, *, at: datetime, anew: bool) -> bool:
    if kept.stands_for == stands:
        return False
    return anew or not kept.figures["counts"] or localdate(kept.counted_at) != localdate(at) or at - kept.counted_at >= FRESH


def _counted(program: Program, before: Kept | None, stands: str, *, today: date, at: datetime) -> Kept | None:
    """Counted now and kept. Where it fails: what was kept before, with its failure named."""
    try:
        with transaction.atomic():
            plan, records = plan_and_records(program, today=today, at=at)
    except Exception:
        # One program's figures must not take the whole overview away: the page names it, and shows what was counted before.
        log.exception("the figures of program %s could not be counted", program.pk)
        return Kept(stands, before.counted_at, {**before.figures, "failure": BROKEN}) if before is not None else None
    counts = plan is not None and not plan.lacks
    figures: dict[str, Any] = {"version": __version__, "records": to_json(records), "failure": "", "counts": counts}
    if plan is not None:
        figures |= {"plan": to_json(plan), "plan_at": at.isoformat()}
    else:
        earlier = before.figures if before is not None else {}
        figures |= {"plan": earlier.get("plan"), "plan_at": earlier.get("plan_at"), "failure": CONTRADICT}
    kept = Kept(stands, at, figures)
    keep(program, PROGRAM, kept)
    return kept


def _part(program: Program, kept: Kept | None, stands: str, help: HelpPart | None, at: datetime) -> ProgramPart:
    if kept is None:
        return ProgramPart(program, None, None, None, at, BROKEN, help)
    figures, failure = kept.figures, str(kept.figures["failure"])
    is_now = kept.stands_for == stands and failure != BROKEN
    return ProgramPart(
        program=program,
        plan=from_json(PlanPart, figures["plan"]) if figures["plan"] is not None else None,
        plan_at=datetime.fromisoformat(figures["plan_at"]) if figures["plan_at"] else None,
        records=from_json(RecordPart, figures["records"]),
        as_of=at if is_now else kept.counted_at,
        failure=failure,
        help=help,
    )


def _last_runs(programs: list[Program]) -> Mapping[int, int]:
    """Program → its last plan run that is done; scenarios' runs are none of its."""
    done = PlanRun.objects.filter(program__in=programs, state="done", scenario__isnull=True).order_by()
    return dict(done.values_list("program").annotate(last=Max("pk")))


def _help(program: Program, run: int | None, kept: Kept | None, *, at: datetime) -> HelpPart | None:
    """Where an hour helps by the last run; counted once for each run. None: no run, or one whose facts are no Case any more."""
    if run is None:
        return None
    stands = _short(__version__, run)
    if kept is None or kept.stands_for != stands:
        try:
            figures = to_json(help_part(PlanRun.objects.select_related("program").get(pk=run)))
        except CaseError:
            figures = None
        except Exception:
            log.exception("the plan run %s could not be read", run)
            return None
        kept = Kept(stands, at, {"help": figures})
        keep(program, HELP, kept)
    return from_json(HelpPart, kept.figures["help"]) if kept.figures["help"] is not None else None


def forget() -> None:
    """Drop everything that is kept, of all programs."""
    KeptFigures.objects.filter(part__in=(PROGRAM, HELP)).delete()
