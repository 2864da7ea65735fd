"""Figures counted and summed from investment projects (trap 5).

Events are different things: 签约, 备案, 开工, 入库, 竣工, 投产 never stand for each other. Tiers nest and go by planned total investment.
"""

from datetime import date
from fractions import Fraction

from services.rules.domain import reasons, source_reasons
from services.rules.domain.evidence import Evidence, figure_of, input_of, parked_doubt
from services.rules.domain.facts import (
    Facts,
    ProjectFact,
    ProjectsQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.quantity import (
    CountProjects,
    Line,
    ProjectAmount,
    ProjectChoice,
    ProjectEvent,
    SumProjects,
    is_within,
)
from services.rules.domain.target import Target
from services.rules.domain.untold import Summed, Telling, summed
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

_EVENTS = {
    ProjectEvent.SIGNED: Text("已签约项目", "Projects signed"),
    ProjectEvent.FILED: Text("已备案（核准）项目", "Projects filed or approved"),
    ProjectEvent.STARTED: Text("已开工且佐证已认定的项目", "Projects started with accepted evidence"),
    ProjectEvent.LISTED: Text("已列统入库项目", "Projects listed in the statistics"),
    ProjectEvent.COMPLETED: Text("已竣工项目", "Projects completed"),
    ProjectEvent.IN_PRODUCTION: Text("已投产项目", "Projects in production"),
}
_AMOUNTS = {
    ProjectAmount.PLANNED_TOTAL: Text("计划总投资", "planned total investment"),
    ProjectAmount.COMPLETED: Text("累计完成投资", "investment completed so far"),
}
_PROJECTS = Text("个项目", "projects")


def projects_question(target: Target, event: ProjectEvent, report: Period) -> ProjectsQuestion:
    """Ask for every project whose event falls into the target's horizon, as known by the report."""
    horizon = target.horizon
    until = min(report.end, date(horizon.year, 12, 31))
    return ProjectsQuestion(
        target.place.city, event, since=date(horizon.since_year, 1, 1), until=until, known_by=report.end
    )


def is_counted(project: ProjectFact, choice: ProjectChoice, *, since: date, until: date) -> bool:
    """Whether the event happened within the dates (a start with accepted evidence only) and the project is chosen."""
    return (
        not project.version.removed
        and project.occurred_on is not None
        and since <= project.occurred_on <= until
        and (choice.event is not ProjectEvent.STARTED or project.start_evidence == "accepted")
        and (choice.total is None or choice.total.is_reached(project.planned_total_yuan))
        and (choice.equipment is None or choice.equipment.is_reached(project.planned_equipment_yuan))
        and (not choice.kinds or project.kind in choice.kinds)
        and is_within(project.industry, choice.industries)
        and (not choice.codes or project.version.key in choice.codes)
    )


def projects_evidence(
    target: Target, wanted: CountProjects | SumProjects, report: Period, *, facts: Facts, ledger: Ledger
) -> Evidence:
    """Count the chosen projects, or sum their investment in yuan, each from its latest row up to the report."""
    known_by = ledger.first(Feed.PROJECTS, report)
    if known_by is None:
        return Evidence(missing=(reasons.feed_missing(Feed.PROJECTS, report),))
    choice = wanted.choice
    question = projects_question(target, choice.event, report)
    considered = [row for row in facts.projects[question] if _ever_reached(choice.total, row)]
    here = [row for row in considered if target.place.holds(row.area)]
    counted = [row for row in here if is_counted(row, choice, since=question.since, until=question.until)]
    source = input_of(
        f"projects_{choice.event}",
        Feed.PROJECTS,
        known_by=known_by.submission_id,
        considered=[row.version for row in considered],
        matched=[row.version for row in counted],
    )
    figure = _value(wanted, counted)
    return Evidence(
        actual=figure.value,
        missing=figure.missing,
        doubts=parked_doubt(ledger, Feed.PROJECTS, last=report),
        remarks=(*figure.remarks, *_untold(choice, here)),
        sources=_disputed(here),
        figures=(
            figure_of(
                source,
                report,
                label=_label(wanted),
                value=figure.value,
                unit=wanted.unit,
                known_by=(known_by.submission_id,),
            ),
        ),
        inputs=(source,),
        simulated=ledger.simulated((known_by.submission_id, *(row.version.submission_id for row in counted))),
    )


def _ever_reached(line: Line | None, project: ProjectFact) -> bool:
    return line is None or line.is_reached(project.largest_total_yuan)


def _value(wanted: CountProjects | SumProjects, counted: list[ProjectFact]) -> Summed:
    if isinstance(wanted, CountProjects):
        return Summed(Fraction(len(counted)))
    amounts = [amount for amount in (_amount(wanted.amount, one) for one in counted) if amount is not None]
    told = Telling(Fraction(sum(amounts)), untold=len(counted) - len(amounts), of=len(counted))
    return summed(told, up_to=wanted.untold_up_to, amount=_AMOUNTS[wanted.amount], whose=_PROJECTS)


def _amount(amount: ProjectAmount, project: ProjectFact) -> int | None:
    return project.planned_total_yuan if amount is ProjectAmount.PLANNED_TOTAL else completed_yuan(project)


def completed_yuan(project: ProjectFact) -> int | None:
    """Return what is completed so far: earlier years and this one. None when either is not told.

    A project that did not start before the row's year has nothing from earlier years, told or not.
    """
    prior, so_far = project.completed_prior_yuan, project.completed_ytd_yuan
    if so_far is None:
        return None
    if prior is None:
        began_before = project.started_on is not None and project.started_on.year < project.version.period.year
        return None if began_before else so_far
    return prior + so_far


def _untold(choice: ProjectChoice, rows: list[ProjectFact]) -> tuple[Reason, ...]:
    """Say how many projects are left out because they do not tell what they are chosen by."""
    present = [row for row in rows if not row.version.removed and row.occurred_on is not None]
    equipment = sum(1 for row in present if choice.equipment is not None and row.planned_equipment_yuan is None)
    industry = sum(1 for row in present if choice.industries and row.industry is None)
    told = ((equipment, Text("设备投资", "equipment investment")), (industry, Text("行业", "industry")))
    return tuple(reasons.left_out(count, what) for count, what in told if count)


def _disputed(rows: list[ProjectFact]) -> tuple[Reason, ...]:
    """Say of how many projects another source says otherwise."""
    count = sum(1 for row in rows if row.is_disputed)
    return (source_reasons.rows_differ(count, Text("个项目", "projects")),) if count else ()


def _label(wanted: CountProjects | SumProjects) -> Text:
    event = _EVENTS[wanted.choice.event]
    if isinstance(wanted, CountProjects):
        return Text(f"{event.zh}数", event.en)
    amount = _AMOUNTS[wanted.amount]
    return Text(f"{event.zh}{amount.zh}", f"{event.en}: {amount.en}")
