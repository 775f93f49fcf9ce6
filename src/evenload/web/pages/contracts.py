"""Contracts of a program: all of them, one down to practitioners, and the forms that state them and the targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenload.planning import codes
from evenload.records.access import contract_for, may, program_for
from evenload.records.models import Contract, Practitioner, Program, Site
from evenload.web.contract_parts import by_practitioner, by_site, course_of, line_view, person_name, site_name, weeks_of
from evenload.web.contract_words import PROBLEMS, contract_name
from evenload.web.csv_answers import csv_answer
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.words import Words, label
from evenload.workflow import contract_ledger, contracts
from evenload.workflow.contract_ledger import Ledger
from evenload.workflow.contracts import Stated, Targets
from evenload.workflow.refused import Refused

FIELDS: Final = ("code", "name_en", "name_fr", "discipline", "starts_on", "ends_on", "visits", "tolerance_percent")


@door("contract.see")
@require_safe
def all_of(request: HttpRequest, code: str) -> HttpResponse:
    """Every contract of the program, those that run first, with where each is going."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "contract.see")
    shows(request, program=program)
    today = timezone.localdate()
    lines = contract_ledger.lines(program, today=today)
    lines.sort(key=lambda line: (line.forecast.is_over, line.forecast.state == "before", line.contract.ends_on))
    facts = {
        "program": program,
        "views": [line_view(words, line) for line in lines],
        "targets": _target_lines(program, None),
        "may_change": may(person, "contract.change", program),
        "today": today,
    }
    return render(request, "contracts.html", facts)


@door("contract.see")
@require_safe
def one(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One contract down to sites and practitioners, with its course."""
    person, words, today = person_in(request), words_of(request), timezone.localdate()
    contract, ledger, sites, people = _looked_at(request, code, key, today)
    program = contract.program
    facts = {
        "program": program,
        "contract": contract,
        "view": line_view(words, ledger.line),
        "ledger": ledger,
        "course": course_of(ledger, today),
        "weeks": weeks_of(ledger.by_day),
        "sites": by_site(words, ledger.rows, sites),
        "people": by_practitioner(words, ledger.rows, people),
        "rows": [(site_name(words, sites, row.site), person_name(words, people, row.practitioner), row) for row in ledger.rows],
        "targets": _target_lines(program, contract),
        "may_change": may(person, "contract.change", program),
        "today": today,
    }
    return render(request, "contract.html", facts)


def _looked_at(request: HttpRequest, code: str, key: int, today: date) -> tuple[Contract, Ledger, dict[str, Site], dict[str, Practitioner]]:
    """One contract of a program of hers with its ledger, and the sites and practitioners in it; written down as looked at."""
    person = person_in(request)
    program = program_for(person, code, "contract.see")
    contract = contract_for(person, program, key)
    shows(request, program=program, subject=contract)
    ledger = contract_ledger.ledger(contract, today=today)
    return contract, ledger, *contract_ledger.names_of_places(program, ledger.rows)


@door("contract.see")
@require_safe
def as_csv(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """The ledger of one contract as CSV: site, practitioner, visits."""
    words, today = words_of(request), timezone.localdate()
    contract, ledger, sites, people = _looked_at(request, code, key, today)
    rows = [
        (
            contract.code,
            today,
            site_name(words, sites, row.site),
            person_name(words, people, row.practitioner),
            row.delivered,
            row.committed,
            row.expected,
        )
        for row in ledger.rows
    ]
    headings = [
        words.say("Contract"),
        words.say("As of"),
        words.say("Site"),
        words.say("Practitioner"),
        words.say("Delivered"),
        words.say("Committed"),
        words.say("Forecast to the end"),
    ]
    return csv_answer(words, f"contract-{contract.pk}-{today.isoformat()}", headings, rows)


@door("contract.change")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """State a new contract."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "contract.change")
    facts = _form_facts(words, program, None, request.POST if request.method == "POST" else _empty(program))
    if request.method != "POST":
        return render(request, "contract_form.html", facts)
    stated, targets, errors = _read(words, request.POST)
    if stated is not None:
        try:
            made = contracts.add(program, stated, targets=targets, by=person, at=timezone.now())
        except Refused as refused:
            errors |= _errors(words, refused)
        else:
            messages.success(request, words.say("The contract is kept."))
            return redirect("contract", code=code, key=made.pk)
    return render(request, "contract_form.html", facts | {"errors": errors}, status=422)


@door("contract.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Change a contract; who came second sees what is kept now, and what she typed."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "contract.change")
    contract = contract_for(person, program, key, "contract.change")
    stated_fields = request.POST if request.method == "POST" else _fields_of(contract)
    facts = _form_facts(words, program, contract, stated_fields) | {"seen": request.POST.get("seen") or contracts.as_seen(contract)}
    if request.method != "POST":
        return render(request, "contract_form.html", facts)
    stated, targets, errors = _read(words, request.POST)
    if stated is None:
        return render(request, "contract_form.html", facts | {"errors": errors}, status=422)
    try:
        contracts.change(contract, stated, targets=targets, by=person, at=timezone.now(), seen=request.POST.get("seen", ""))
    except Refused as refused:
        if refused.code == "contract_changed":
            told = {"was_changed": True, "seen": contracts.as_seen(contract), "now": _fields_of(contract)}
            return render(request, "contract_form.html", facts | told, status=409)
        return render(request, "contract_form.html", facts | {"errors": _errors(words, refused)}, status=422)
    messages.success(request, words.say("The contract is changed. The journal keeps what it was."))
    return redirect("contract", code=code, key=contract.pk)


@door("contract.change")
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest, code: str) -> HttpResponse:
    """The program's own targets, for every referral whose contract states none."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "contract.change")
    stated = request.POST if request.method == "POST" else _target_fields(contracts.targets_of(program, None))
    facts: dict[str, Any] = {"program": program, "targets": _target_rows(words, stated), "errors": {}}
    if request.method != "POST":
        return render(request, "contract_targets.html", facts)
    read, errors = _targets(words, request.POST)
    if not errors:
        try:
            contracts.set_targets(program, read, by=person, at=timezone.now())
        except Refused as refused:
            errors |= _errors(words, refused)
        else:
            messages.success(request, words.say("The targets are kept. They hold for referrals that come in from now on."))
            return redirect("contracts", code=code)
    return render(request, "contract_targets.html", facts | {"errors": errors}, status=422)


def _errors(words: Words, refused: Refused) -> dict[str, list[str]]:
    problems = refused.facts["problems"]
    assert isinstance(problems, dict)
    return {field: [words.say(PROBLEMS[code])] for field, code in problems.items()}


def _read(words: Words, stated: QueryDict) -> tuple[Stated | None, Targets, dict[str, list[str]]]:
    """The contract that a form states; None and the sentences by field where something cannot be read."""
    days: dict[str, date] = {}
    wrong: dict[str, str] = {}
    for name in ("starts_on", "ends_on"):
        try:
            days[name] = date.fromisoformat(stated.get(name, "").strip())
        except ValueError:
            wrong[name] = "day_odd"
    visits = _whole(stated.get("visits", ""))
    tolerance = _share(stated.get("tolerance_percent", ""))
    if visits is None:
        wrong["visits"] = "contract_visits_odd"
    if tolerance is None:
        wrong["tolerance_percent"] = "contract_tolerance_odd"
    read, errors = _targets(words, stated)
    if not stated.get("code", "").strip():
        wrong["code"] = "contract_code_odd"
    if not stated.get("name_en", "").strip():
        wrong["name_en"] = "contract_name_missing"
    if wrong or errors:
        return None, read, {**{field: [words.say(PROBLEMS[code])] for field, code in wrong.items()}, **errors}
    assert visits is not None
    assert tolerance is not None
    code, name_en, name_fr, discipline = (stated.get(name, "").strip()[:200] for name in ("code", "name_en", "name_fr", "discipline"))
    return Stated(code, name_en, name_fr, discipline, days["starts_on"], days["ends_on"], visits, tolerance), read, {}


def _whole(text: str) -> int | None:
    plain = "".join(text.split())
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 12 else None


def _share(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found.quantize(Decimal("0.1")) if found.is_finite() and abs(found) < 1000 else None


def _targets(words: Words, stated: QueryDict) -> tuple[dict[int, tuple[int, int]], dict[str, list[str]]]:
    """Targets by priority; a priority whose two fields are empty has none of its own."""
    found: dict[int, tuple[int, int]] = {}
    errors: dict[str, list[str]] = {}
    for priority in codes.PRIORITIES:
        texts = {"hours": stated.get(f"hours-{priority}", "").strip(), "days": stated.get(f"days-{priority}", "").strip()}
        if not any(texts.values()):
            continue
        numbers = {name: _whole(text) for name, text in texts.items()}
        for name, number in numbers.items():
            if number is None:
                code = "target_half" if not texts[name] else f"target_{name}_odd"
                errors[f"{name}-{priority}"] = [words.say(PROBLEMS[code])]
        if numbers["hours"] is not None and numbers["days"] is not None:
            found[priority] = (numbers["hours"], numbers["days"])
    return found, errors


def _form_facts(words: Words, program: Program, contract: Contract | None, stated: Any) -> dict[str, Any]:
    held = sorted({code for one in program.practitioners.all() for code in one.disciplines})
    choices = [("", words.say("All disciplines")), *((code, label(words, "discipline", code)) for code in held)]
    return {
        "program": program,
        "contract": contract,
        "name": contract_name(words, contract) if contract else "",
        "stated": stated,
        "discipline_choices": choices,
        "targets": _target_rows(words, stated),
        "errors": {},
    }


def _empty(program: Program) -> dict[str, str]:
    return {"starts_on": program.period_start.isoformat(), "tolerance_percent": "5"}


def _fields_of(contract: Contract) -> dict[str, str]:
    fields = {name: str(getattr(contract, name)) for name in FIELDS}
    return fields | _target_fields(contracts.targets_of(contract.program, contract))


def _target_fields(stated: Targets) -> dict[str, str]:
    hours = {f"hours-{priority}": str(one[0]) for priority, one in stated.items()}
    return hours | {f"days-{priority}": str(one[1]) for priority, one in stated.items()}


def _target_rows(words: Words, stated: Any) -> list[dict[str, Any]]:
    return [
        {
            "priority": priority,
            "name": words.say("Priority {number}", number=str(priority)),
            "hours_name": f"hours-{priority}",
            "days_name": f"days-{priority}",
            "hours": stated.get(f"hours-{priority}", ""),
            "days": stated.get(f"days-{priority}", ""),
        }
        for priority in codes.PRIORITIES
    ]


def _target_lines(program: Program, contract: Contract | None) -> list[dict[str, Any]]:
    """What holds for each priority, and whether the contract itself says so."""
    own = contracts.targets_of(program, contract)
    general = contracts.targets_of(program, None) if contract else own
    return [
        {"priority": priority, "target": own.get(priority) or general.get(priority), "is_own": priority in own}
        for priority in codes.PRIORITIES
    ]
