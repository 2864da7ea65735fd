"""Submissions in the shape the feeds' consumer gives them: rows and announcements, in batches in the order of the log."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice

from benchmarks.restatement.numbers import Number
from benchmarks.restatement.rows import City
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import (
    EnterpriseRow,
    FeedRow,
    FigureCell,
    FigureReport,
    FirmReport,
    IndicatorRow,
    Origin,
    ProjectReport,
    ProjectRow,
    RecognitionReport,
    RecognitionRow,
)
from shared.kernel.period import Period

BATCH_SIZE = 5000
"""As many messages as the service takes into one transaction by default."""
RECORDED_AT = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = "benchmark"

Event = FeedRow | Announcement
MakeRow = Callable[[Origin], FeedRow]


@dataclass(frozen=True, slots=True)
class Reporter:
    """Makes one city's submissions; `sequence` numbers those of all cities in the order in which they are accepted."""

    city: City
    sequence: "count[int]"

    def month(self, report: Period, revision: int) -> list[Event]:
        """Return a submission of every feed of the month."""
        city = self.city
        return [
            *self._push(Feed.INDICATORS, report, revision, map(_figure, city.figures(report, revision))),
            *self._push(Feed.PROJECTS, report, revision, map(_project, city.projects(report, revision))),
            *self._push(Feed.ENTERPRISES, report, revision, map(_firm, city.firms(report, revision))),
            *self._push(Feed.RECOGNITIONS, report, revision, map(_title, city.titles(report, revision))),
        ]

    def figure(self, number: Number, report: Period, revision: int) -> list[Event]:
        """Return a submission of one published figure."""
        return self._push(Feed.INDICATORS, report, revision, [_figure(self.city.figure(number, report, revision))])

    def project(self, serial: int, report: Period, revision: int) -> list[Event]:
        """Return a submission of one project."""
        return self._push(Feed.PROJECTS, report, revision, [_project(self.city.project(serial, report, revision))])

    def firm(self, serial: int, report: Period, revision: int) -> list[Event]:
        """Return a submission of one firm."""
        return self._push(Feed.ENTERPRISES, report, revision, [_firm(self.city.firm(serial, report, revision))])

    def _push(self, feed: Feed, report: Period, revision: int, rows: Iterable[MakeRow]) -> list[Event]:
        sequence = next(self.sequence)
        submission_id = f"sub_{sequence:08d}"
        made: list[Event] = [
            make(
                Origin(
                    submission_id, number, SOURCE, self.city.id, report, sequence, RECORDED_AT, f"benchmark-{sequence}"
                )
            )
            for number, make in enumerate(rows, start=1)
        ]
        return [*made, self._announcement(submission_id, feed, report, sequence, events=len(made), revision=revision)]

    def _announcement(
        self, submission_id: str, feed: Feed, report: Period, sequence: int, *, events: int, revision: int
    ) -> Announcement:
        return Announcement(
            submission_id=submission_id,
            source=SOURCE,
            simulated=True,
            city=self.city.id,
            feed=feed,
            period=report,
            action="merge",
            reason="revision" if revision else None,
            reference="benchmark" if revision else None,
            sequence=sequence,
            events=events,
            recorded_at=RECORDED_AT,
            correlation_id=f"benchmark-{sequence}",
        )


def batches(events: Iterable[Event], size: int = BATCH_SIZE) -> Iterator[list[Event]]:
    """Yield the events in batches, as the consumer polls them when it is behind."""
    stream = iter(events)
    while batch := list(islice(stream, size)):
        yield batch


def _figure(told: tuple[FigureCell, FigureReport]) -> MakeRow:
    return lambda origin: IndicatorRow(origin, *told)


def _project(told: tuple[str, ProjectReport]) -> MakeRow:
    return lambda origin: ProjectRow(origin, *told)


def _firm(told: tuple[str, FirmReport]) -> MakeRow:
    return lambda origin: EnterpriseRow(origin, *told)


def _title(told: tuple[tuple[str, str, str], RecognitionReport]) -> MakeRow:
    key, report = told
    return lambda origin: RecognitionRow(origin, *key, report)
