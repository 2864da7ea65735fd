"""What rules keeps, in memory, and the answers computed from it with Python lists."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TypeVar

from services.rules.application.journal import Round
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.evidence import shares_digest_of
from services.rules.domain.facts import (
    ClassDFacts,
    FigureFact,
    MemberFact,
    MembersQuestion,
    ProjectFact,
    ProjectsQuestion,
    RatingFact,
    RatingsQuestion,
    RecognitionFact,
    RecognitionsQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.finding import Finding
from services.rules.domain.firm_facts import (
    AmountTotal,
    Candidate,
    CandidateFacts,
    CandidatesQuestion,
    FirmFact,
    RegisterQuestion,
    RegisterTotal,
    RegisterTotals,
    RegisterTotalsQuestion,
    RevenueFact,
    RevenueQuestion,
)
from services.rules.domain.ledger import Announcement, Ledger, Submission
from services.rules.domain.quantity import FirmAmount, ProjectEvent
from services.rules.domain.rows import (
    EnterpriseRow,
    FeedRow,
    FigureCell,
    IndicatorRow,
    Origin,
    ProjectReport,
    ProjectRow,
    RatingRow,
    RecognitionRow,
    register_year,
    statistical_year,
)
from services.rules.domain.signal import Signal
from services.rules.domain.stated_forecast import StatedForecast
from services.rules.domain.verdict import Verdict
from services.rules.domain.version import (
    Version,
)
from shared.kernel.period import Period

ZERO = Decimal(0)
K = TypeVar("K")
R = TypeVar("R", EnterpriseRow, ProjectRow, RatingRow, RecognitionRow, IndicatorRow)


@dataclass(frozen=True, slots=True)
class Counted:
    """A submission with its counts. `announcement` is None until it came."""

    origin: Origin | None
    announcement: Announcement | None
    received: int = 0
    completed: bool = False


@dataclass(slots=True)
class State:
    """Everything kept. A transaction works on a copy and puts it in place when it commits."""

    rows: dict[tuple[str, int], FeedRow] = field(default_factory=dict)
    submissions: dict[str, Counted] = field(default_factory=dict)
    parked: set[tuple[str, int]] = field(default_factory=set)
    verdicts: list[Verdict] = field(default_factory=list)
    written: list[datetime] = field(default_factory=list)
    """When each verdict was written."""
    forecasts: list[StatedForecast] = field(default_factory=list)
    signals: list[tuple[Signal, bool]] = field(default_factory=list)
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    rounds: list[tuple[datetime, Round]] = field(default_factory=list)
    plans: dict[str, str] = field(default_factory=dict)
    authorities: tuple[RankedAuthority, ...] = ()

    def copy(self) -> "State":
        return State(
            dict(self.rows),
            dict(self.submissions),
            set(self.parked),
            list(self.verdicts),
            list(self.written),
            list(self.forecasts),
            list(self.signals),
            list(self.findings),
            list(self.rounds),
            dict(self.plans),
            self.authorities,
        )


class InMemoryFacts:
    """Answers the domain's questions from lists."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def lock(self, cities: Iterable[str]) -> None:
        """Nothing else runs."""

    async def ledger(self, city: str) -> Ledger:
        return Ledger.of(
            submission_of(counted.announcement, parked_rows(self._state, submission_id))
            for submission_id, counted in self._state.submissions.items()
            if counted.completed and counted.announcement is not None and counted.announcement.city == city
        )

    async def projects(self, question: ProjectsQuestion) -> tuple[ProjectFact, ...]:
        rows = [row for row in self._rows(ProjectRow, question.city) if row.origin.period.end <= question.known_by]
        current = self._current(rows, lambda row: row.code)
        stated = _newest(rows, lambda row: (row.code, row.origin.period, row.origin.source), by_period=False).values()
        disputed = {
            row.code
            for row in stated
            if row.origin.period == current[row.code].origin.period and _differs(row.report, current[row.code].report)
        }
        largest: dict[str, int] = {}
        for row in rows:
            day = _event_day(row, question.event)
            decides = row.origin.period == current[row.code].origin.period
            if decides and row.report is not None and day is not None and question.since <= day <= question.until:
                largest[row.code] = max(largest.get(row.code, 0), row.report.planned_total_yuan)
        facts = {key: _project_fact(current[key], question.event, largest[key]) for key in sorted(largest)}
        return tuple(replace(fact, is_disputed=key in disputed) for key, fact in facts.items())

    async def register_totals(self, question: RegisterTotalsQuestion) -> RegisterTotals:
        rows = [row for row in self._rows(EnterpriseRow, question.city) if row.origin.period == question.period]
        ever = {row.uscc for row in rows if row.report is not None and row.report.above_scale}
        current = {key: row for key, row in self._current(rows, lambda row: row.uscc).items() if key in ever}
        groups: dict[tuple[str, str], list[EnterpriseRow]] = {}
        for row in current.values():
            if row.report is not None and _is_registered(row, question.period):
                groups.setdefault((row.report.area, row.report.industry), []).append(row)
        shares = Counter(str(row.origin.sequence) for row in current.values())
        totals = [_register_total(area, industry, groups[area, industry]) for area, industry in sorted(groups)]
        said = {key: {one} for key, row in current.items() if (one := _counting(row)) is not None}
        for (key, _), row in _newest(rows, lambda row: (row.uscc, row.origin.source), by_period=False).items():
            if key in said and (one := _counting(row)) is not None:
                said[key].add(one)
        differ = [current[key].report for key, what in said.items() if len(what) > 1]
        disputed = Counter((report.area, report.industry) for report in differ if report is not None)
        return RegisterTotals(tuple(totals), len(current), shares_digest_of(shares), disputed)

    async def register_moves(self, question: RegisterQuestion) -> tuple[FirmFact, ...]:
        first, last = date(question.year, 3, 1), min(question.until, Period.month(question.year + 1, 1).end)
        rows = [row for row in self._rows(EnterpriseRow, question.city) if first <= row.origin.period.end <= last]
        current = self._current(rows, lambda row: row.uscc)
        moved = {
            row.uscc
            for row in rows
            if register_year(row) == question.year and row.origin.period == current[row.uscc].origin.period
        }
        return tuple(_firm_fact(current[uscc]) for uscc in sorted(moved))

    async def candidates(self, question: CandidatesQuestion) -> CandidateFacts:
        now = self._reports(question.city, question.period)
        december = self._reports(question.city, question.year_end_before)
        before = self._reports(question.city, question.year_before)
        ever = {
            row.uscc
            for row in self._rows(EnterpriseRow, question.city)
            if row.origin.period == question.period and _is_outside(row)
        }
        candidates: list[Candidate] = []
        untold = 0
        shares: Counter[str] = Counter()
        for uscc in sorted(ever):
            rows = [now[uscc], december.get(uscc), before.get(uscc)]
            shares[":".join("" if row is None else str(row.origin.sequence) for row in rows)] += 1
            if not _is_outside(now[uscc]):
                continue
            revenues = [None if row is None or row.report is None else row.report.revenue_ytd_yuan for row in rows]
            if revenues[0] is None or revenues[1] is None or revenues[2] is None:
                untold += 1
                continue
            revenue = revenues[0] + revenues[1] - revenues[2]
            if revenue >= question.min_revenue_yuan:
                candidates.append(_candidate(now[uscc], revenue))
        return CandidateFacts(tuple(candidates), untold, shares_digest_of(shares))

    async def revenues(self, question: RevenueQuestion) -> tuple[RevenueFact, ...]:
        largest: dict[str, int] = {}
        for row in self._rows(EnterpriseRow, question.city):
            revenue = None if row.report is None else row.report.revenue_ytd_yuan
            if row.origin.period == question.period and revenue is not None and revenue >= question.at_least_yuan:
                largest[row.uscc] = max(largest.get(row.uscc, 0), revenue)
        now, before = self._reports(question.city, question.period), self._reports(question.city, question.before)
        return tuple(_revenue_fact(now[uscc], before.get(uscc), largest[uscc]) for uscc in sorted(largest))

    async def class_d(self, question: RatingsQuestion) -> ClassDFacts:
        current = self._current(self._rows(RatingRow, question.city), lambda row: (row.uscc, row.year), by_period=False)
        final = [row for row in current.values() if row.report is not None and row.report.stage == "final"]
        chosen = [row for row in final if row.report is not None and row.report.class_ == "D"]
        names = _newest((row for row in self._all(EnterpriseRow) if row.report is not None), lambda row: row.uscc)
        firms = (_rating_fact(row, names.get(row.uscc)) for row in sorted(chosen, key=lambda row: (row.year, row.uscc)))
        return ClassDFacts(tuple(sorted({row.year for row in final})), tuple(firms))

    async def recognitions(self, question: RecognitionsQuestion) -> tuple[RecognitionFact, ...]:
        rows = [row for row in self._rows(RecognitionRow, question.city) if row.kind in question.kinds]
        granted = {_title(row) for row in rows if row.report is not None and row.report.granted_on <= question.until}
        current = self._current((row for row in rows if _title(row) in granted), _title, by_period=False)
        return tuple(_recognition_fact(row) for _, row in sorted(current.items()))

    async def register_members(self, question: MembersQuestion) -> tuple[MemberFact, ...]:
        titles = self._rows(RecognitionRow, question.city)
        holders = {row.uscc for row in titles if row.kind in question.kinds}
        reports = self._reports(question.city, question.period)
        return tuple(
            MemberFact(_version(reports[uscc], uscc), _is_registered(reports[uscc], question.period))
            for uscc in sorted(holders)
            if uscc in reports
        )

    async def figures(self, cells: Iterable[FigureCell]) -> dict[FigureCell, tuple[FigureFact, ...]]:
        wanted = set(cells)
        rows = (row for row in self._all(IndicatorRow) if row.cell in wanted)
        newest = _newest(rows, lambda row: (row.origin.source, row.cell), by_period=False)
        stated: dict[FigureCell, tuple[FigureFact, ...]] = {}
        for (_, cell), row in sorted(newest.items(), key=lambda item: item[0][0]):
            stated[cell] = (*stated.get(cell, ()), _figure_fact(row, self._state.authorities))
        return stated

    async def known_cells(self, places: Iterable[tuple[str, str]]) -> frozenset[FigureCell]:
        wanted = set(places)
        rows = self._all(IndicatorRow)
        return frozenset(row.cell for row in rows if (row.cell.indicator, row.cell.area) in wanted)

    async def superseded_from(self, submission: Submission) -> date | None:
        rows: list[FeedRow] = list(self._rows(ProjectRow, submission.city))
        if submission.feed is Feed.ENTERPRISES:
            until = Period.month(statistical_year(submission.period.end) + 1, 1).end
            rows = [row for row in self._rows(EnterpriseRow, submission.city) if row.origin.period.end <= until]
        mine = {_entity(row) for key, row in self._state.rows.items() if key[0] == submission.submission_id}
        later = {
            entity: min(
                (
                    row.origin.period.end
                    for row in rows
                    if _entity(row) == entity and row.origin.period > submission.period
                ),
                default=None,
            )
            for entity in mine
        }
        ends = [end for end in later.values() if end is not None]
        if len(ends) < len(later):
            return None
        return max(ends, default=submission.period.end + timedelta(days=1))

    async def moves_register(self, submission_id: str) -> bool:
        rows = [row for row in self._state.rows.values() if isinstance(row, EnterpriseRow)]
        moved = {row.uscc for row in rows if register_year(row) is not None}
        return any(row.origin.submission_id == submission_id and row.uscc in moved for row in rows)

    async def touched_cells(self, submission_id: str) -> frozenset[FigureCell]:
        rows = (row for key, row in self._state.rows.items() if key[0] == submission_id)
        return frozenset(row.cell for row in rows if isinstance(row, IndicatorRow))

    def _all(self, kind: type[R]) -> Iterator[R]:
        complete = {key for key, counted in self._state.submissions.items() if counted.completed}
        for (submission_id, _), row in self._state.rows.items():
            if isinstance(row, kind) and submission_id in complete:
                yield row

    def _rows(self, kind: type[R], city: str) -> Iterator[R]:
        return (row for row in self._all(kind) if row.origin.city == city)

    def _reports(self, city: str, when: Period) -> dict[str, EnterpriseRow]:
        rows = (row for row in self._rows(EnterpriseRow, city) if row.origin.period == when)
        return self._current(rows, lambda row: row.uscc)

    def _current(self, rows: Iterable[R], key: Callable[[R], K], *, by_period: bool = True) -> dict[K, R]:
        """Return the current version of each entity's latest cell: the best of what each source stated last of it."""
        every = list(rows)
        latest = _newest(every, key, by_period=by_period)
        deciding = [
            row for row in every if not by_period or row.origin.period.end == latest[key(row)].origin.period.end
        ]
        stated = _newest(deciding, lambda row: (key(row), row.origin.source), by_period=False)
        best = sorted(stated.items(), key=lambda item: self._precedence(item[1]), reverse=True)
        return {of: row for (of, _), row in best}

    def _precedence(self, row: FeedRow) -> tuple[bool, bool, int, bool, int]:
        """Sort by it: what left comes last, then what nobody ranked, else by rank; a final rating first, then the newest."""
        if row.report is None:
            return (True, False, 0, False, -row.origin.sequence)
        rank = self._rank(row.origin.submission_id)
        is_final = isinstance(row, RatingRow) and row.report is not None and row.report.stage == "final"
        return (False, rank is None, rank or 0, not is_final, -row.origin.sequence)

    def _rank(self, submission_id: str) -> int | None:
        announcement = self._state.submissions[submission_id].announcement
        return _rank_of(announcement.authority if announcement else None, self._state.authorities)


def _entity(row: FeedRow) -> str | None:
    match row:
        case EnterpriseRow(uscc=uscc):
            return uscc
        case ProjectRow(code=code):
            return code
        case _:
            return None


def _rank_of(authority: str | None, authorities: Iterable[RankedAuthority]) -> int | None:
    if authority is None:
        return None
    return next((one.rank for one in authorities if fnmatchcase(authority, one.pattern)), None)


def _newest(rows: Iterable[R], key: Callable[[R], K], *, by_period: bool = True) -> dict[K, R]:
    """Return the newest version under each key, whoever stated it: the latest period first, the highest sequence within it."""
    ordered = sorted(
        rows,
        key=lambda row: (row.origin.period.end if by_period else date.min, row.origin.sequence, row.origin.row_number),
    )
    return {key(row): row for row in ordered}


def _is_registered(row: EnterpriseRow, period: Period) -> bool:
    report = row.report
    if report is None or not report.above_scale:
        return False
    return report.exited_on is None or report.exited_on > period.end


def _is_outside(row: EnterpriseRow) -> bool:
    report = row.report
    return report is not None and not report.above_scale and report.operating_status == "operating"


def _version(row: FeedRow, key: str) -> Version:
    origin = row.origin
    return Version(
        key=key,
        period=origin.period,
        sequence=origin.sequence,
        submission_id=origin.submission_id,
        removed=row.report is None,
    )


_EVENT_FIELDS = {ProjectEvent.IN_PRODUCTION: "production_on"}


def _day(report: ProjectReport, event: ProjectEvent) -> date | None:
    day: date | None = getattr(report, _EVENT_FIELDS.get(event, f"{event}_on"))
    return day


def _event_day(row: ProjectRow, event: ProjectEvent) -> date | None:
    """The day of the event as the row tells it; a start without accepted evidence is none."""
    report = row.report
    if report is None or (event is ProjectEvent.STARTED and report.start_evidence != "accepted"):
        return None
    return _day(report, event)


def _counting(row: EnterpriseRow) -> tuple[object, ...] | None:
    """What a source says of a firm that may count for the register; None when it took its row back."""
    report = row.report
    if report is None:
        return None
    amounts = (
        getattr(report, "energy_ytd_tce" if one is FirmAmount.ENERGY else f"{one}_ytd_yuan") for one in FirmAmount
    )
    return (report.area, report.industry, report.above_scale, report.exited_on, *amounts)


def _differs(other: ProjectReport | None, governing: ProjectReport | None) -> bool:
    """Whether a source says otherwise of what may count of a project; one that took its row back says nothing."""
    if other is None or governing is None:
        return False
    told = {"name": "", "owner_uscc": None, "planned_year_yuan": None}
    return other._replace(**told) != governing._replace(**told)  # type: ignore[arg-type]


def _project_fact(row: ProjectRow, event: ProjectEvent, largest: int) -> ProjectFact:
    report = row.report
    return ProjectFact(
        version=_version(row, row.code),
        name=report.name if report else "",
        area=report.area if report else "",
        kind=report.kind if report else "",
        industry=report.industry if report else None,
        planned_total_yuan=report.planned_total_yuan if report else 0,
        largest_total_yuan=largest,
        planned_equipment_yuan=report.planned_equipment_yuan if report else None,
        completed_prior_yuan=report.completed_prior_yuan if report else None,
        completed_ytd_yuan=report.completed_ytd_yuan if report else None,
        started_on=report.started_on if report else None,
        start_evidence=report.start_evidence if report else "none",
        occurred_on=_day(report, event) if report else None,
    )


def _register_total(area: str, industry: str, rows: list[EnterpriseRow]) -> RegisterTotal:
    return RegisterTotal(
        area=area,
        industry=industry,
        firms=len(rows),
        sums={amount: _amount_total(amount, rows) for amount in FirmAmount},
        submissions=tuple(sorted({row.origin.submission_id for row in rows})),
    )


def _amount_total(amount: FirmAmount, rows: list[EnterpriseRow]) -> AmountTotal:
    field = "energy_ytd_tce" if amount is FirmAmount.ENERGY else f"{amount}_ytd_yuan"
    told = [value for value in (getattr(row.report, field) for row in rows) if value is not None]
    return AmountTotal(sum((Decimal(value) for value in told), ZERO), len(rows) - len(told))


def _firm_fact(row: EnterpriseRow) -> FirmFact:
    report = row.report
    return FirmFact(
        version=_version(row, row.uscc),
        name=report.name if report else "",
        area=report.area if report else "",
        entered_on=report.entered_on if report else None,
        entry_kind=report.entry_kind if report else None,
        exited_on=report.exited_on if report else None,
        exit_kind=report.exit_kind if report else None,
    )


def _candidate(row: EnterpriseRow, revenue: int) -> Candidate:
    assert row.report is not None
    return Candidate(
        uscc=row.uscc,
        name=row.report.name,
        area=row.report.area,
        revenue_yuan=revenue,
        submission_id=row.origin.submission_id,
    )


def _revenue_fact(row: EnterpriseRow, before: EnterpriseRow | None, largest: int) -> RevenueFact:
    report = row.report
    return RevenueFact(
        version=_version(row, row.uscc),
        name=report.name if report else "",
        area=report.area if report else "",
        industry=report.industry if report else "",
        largest_yuan=largest,
        revenue_yuan=report.revenue_ytd_yuan if report else None,
        before_yuan=before.report.revenue_ytd_yuan if before and before.report else None,
        before_sequence=before.origin.sequence if before else None,
        before_submission_id=before.origin.submission_id if before else None,
    )


def _rating_fact(row: RatingRow, named: EnterpriseRow | None) -> RatingFact:
    assert row.report is not None
    return RatingFact(
        uscc=row.uscc,
        year=row.year,
        name=named.report.name if named and named.report else row.uscc,
        area=row.report.area,
        published_on=row.report.published_on,
        score=row.report.score,
        submission_id=row.origin.submission_id,
    )


def _title(row: RecognitionRow) -> str:
    return "|".join([row.uscc, row.kind, row.batch])


def _recognition_fact(row: RecognitionRow) -> RecognitionFact:
    report = row.report
    return RecognitionFact(
        version=_version(row, _title(row)),
        uscc=row.uscc,
        name=report.name if report else None,
        kind=row.kind,
        level=report.level if report else "",
        batch=row.batch,
        area=report.area if report else "",
        granted_on=report.granted_on if report else None,
        revoked_on=report.revoked_on if report else None,
    )


def _figure_fact(row: IndicatorRow, authorities: Iterable[RankedAuthority]) -> FigureFact:
    cell, report = row.cell, row.report
    name = report.authority if report else None
    key = "|".join([cell.indicator, cell.area, str(cell.value_period), cell.measure, cell.basis])
    return FigureFact(
        version=_version(row, key),
        source=row.origin.source,
        cell=cell,
        value=report.value if report else ZERO,
        unit=report.unit if report else "",
        status=report.status if report else "",
        authority=name or "",
        rank=_rank_of(name, authorities),
    )


def parked_rows(state: State, submission_id: str) -> int:
    return sum(1 for parked, _ in state.parked if parked == submission_id)


def submission_of(announcement: Announcement, parked: int) -> Submission:
    return Submission(
        submission_id=announcement.submission_id,
        source=announcement.source,
        feed=announcement.feed,
        city=announcement.city,
        period=announcement.period,
        action=announcement.action,
        reason=announcement.reason,
        reference=announcement.reference,
        sequence=announcement.sequence,
        simulated=announcement.simulated,
        parked=parked,
        recorded_at=announcement.recorded_at,
        correlation_id=announcement.correlation_id,
    )
