"""The charts of the director's overview, each with its rows and where they lead."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from evenload.planning.codes import PRIORITIES
from evenload.web import overview_words as said
from evenload.web.charts import Chart, ChartRow
from evenload.web.figure_words import AGES
from evenload.words import Words
from evenload.workflow import organisation_sums as sums
from evenload.workflow.organisation_figures import ProgramPart


def charts_of(words: Words, parts: Sequence[ProgramPart]) -> dict[str, Chart]:
    """Every chart that has something to show, by its key."""
    made = (weeks(words, parts), missing(words, parts), loads(words, parts), waiting(words, parts))
    return {chart.key: chart for chart in made if chart is not None}


def weeks(words: Words, parts: Sequence[ProgramPart]) -> Chart | None:
    """Have and need of all programs together, week by week."""
    found = sums.weeks(parts)
    if not found:
        return None
    return Chart(
        key="weeks",
        title=words.say("Have and need, week by week"),
        says=said.together_finding(words, found),
        unit=words.say("hours"),
        columns=(words.say("Week of"), words.say("Have"), words.say("Need")),
        rows=tuple(ChartRow(words.date(week.monday), (week.have, week.need)) for week in found),
        kind="lines",
        csv_address=csv_address("weeks"),
    )


def missing(words: Words, parts: Sequence[ProgramPart]) -> Chart | None:
    """Hours missing in some pool week by week, whatever there is together; French and the rest."""
    found = sums.weeks(parts)
    if not any(week.missing for week in found):
        return None
    return Chart(
        key="missing",
        title=words.say("Missing hours, week by week"),
        says=said.weeks_finding(words, found),
        unit=words.say("hours"),
        columns=(words.say("Week of"), words.say("French"), words.say("Other languages")),
        rows=tuple(ChartRow(words.date(week.monday), (week.missing_french, week.missing_other)) for week in found),
        kind="stack",
        csv_address=csv_address("missing"),
    )


def loads(words: Words, parts: Sequence[ProgramPart]) -> Chart | None:
    """People below, within and above their own range, by program."""
    counting = sums.counting(parts)
    if not counting:
        return None
    rows = []
    for part in counting:
        one = sums.spread([part])
        address = reverse("program_figures", args=[part.program.code]) + "#loads-heading"
        rows.append(ChartRow(said.program_name(words, part), (one.below, one.within, one.above - one.over, one.over), address))
    return Chart(
        key="loads",
        title=words.say("Loads"),
        says=said.loads_finding(words, parts),
        unit=words.say("people"),
        columns=(
            words.say("Program"),
            words.say("Below their range"),
            words.say("In their range"),
            words.say("Above their range"),
            words.say("Above their hours"),
        ),
        rows=tuple(rows),
        kind="stack",
        csv_address=csv_address("loads"),
        digits=0,
    )


def waiting(words: Words, parts: Sequence[ProgramPart]) -> Chart | None:
    """Who waits, by age and priority, of all programs."""
    counts = {(cell.age, cell.priority): cell.count for cell in sums.wait_cells(parts)}
    if not sum(counts.values()):
        return None
    ages = [age for age in AGES if any(known == age for known, _ in counts)]
    return Chart(
        key="waiting",
        title=words.say("Waiting list"),
        says=said.waiting_finding(words, counts, sum(one.late for _, one in sums.recorded(parts))),
        unit=words.say("waiting"),
        columns=(words.say("Days waited"), *(words.say("Priority {n}", n=priority) for priority in PRIORITIES)),
        rows=tuple(ChartRow(words.say(AGES[age]), tuple(counts.get((age, one), 0) for one in PRIORITIES)) for age in ages),
        kind="stack",
        csv_address=csv_address("waiting"),
        digits=0,
    )


def csv_address(part: str) -> str:
    """Where the same figures are as CSV."""
    return reverse("overview_csv", args=[part])
