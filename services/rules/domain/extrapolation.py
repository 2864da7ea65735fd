"""From the course of a figure to the distribution of where it ends: by drift, or by counting events (see `forecast.py`)."""

from fractions import Fraction

from services.rules.domain.increments import Course, Season
from services.rules.domain.predictive import EventCount, Student, widening

_MONTHS = 12
_HALF_AN_EVENT = Fraction(1, 2)
"""Jeffreys' prior for the rate of a Poisson process."""


def freedom_of(course: Course, season: Season | None) -> int:
    """Return the degrees of freedom with which the variance is estimated; without any there is no interval."""
    return len(course.steps) - 1 + (season.freedom if season else 0)


def drifted(course: Course, *, over: Fraction = Fraction(1), whole: bool = False) -> Student:
    """Carry the course on at its mean pace. `over` divides the outcome: the time over which a mean is taken."""
    freedom = freedom_of(course, None)
    variance = course.scatter / freedom * _stretched(course)
    return Student((course.value + course.rate * course.ahead) / over, variance / over**2, freedom, whole)


def drifted_by_season(course: Course, season: Season, *, month: int) -> Student:
    """Carry the course on by the season; where earlier years strayed from their common shape by this month, less surely."""
    unknown_shares = 1 + Fraction(1, len(season.years))
    scattered = course.rate**2 * season.scatter
    freedom = freedom_of(course, season)
    each = (course.scatter / unknown_shares + scattered) / freedom * max(season.straying(month), Fraction(1))
    return Student(course.value + course.rate * course.ahead, each * unknown_shares * _stretched(course), freedom)


def _stretched(course: Course) -> Fraction:
    """Return the time that variance adds up over: what lies ahead, and what the unknown pace adds to it."""
    return course.ahead + course.ahead**2 / course.time


def counted(course: Course, season: Season | None = None) -> EventCount:
    """Count the events to come at the rate so far; events that come in clumps, or ever more of them, widen it."""
    so_far = max(sum((step.gain for step in course.steps), Fraction(0)), Fraction(0))
    rate = (so_far + _HALF_AN_EVENT) / course.time
    unknown_shares = 1 + _MONTHS * rate / season.total if season else Fraction(1)
    dispersion = _dispersion(course, season, unknown_shares)
    mean = rate * course.ahead
    variance = dispersion * unknown_shares * mean * (1 + course.ahead / course.time)
    return EventCount(int(course.value), mean, variance)


def _dispersion(course: Course, season: Season | None, unknown_shares: Fraction) -> Fraction:
    """Return Pearson's dispersion, widened for being an estimate; at least 1, that of independent events."""
    squares = course.scatter / course.rate / unknown_shares if course.rate > 0 else Fraction(0)
    if season:
        squares += sum((year.scatter * year.rate for year in season.years), Fraction(0))
    freedom = freedom_of(course, season)
    dispersion = squares / freedom
    return dispersion * widening(freedom) if dispersion > 1 else Fraction(1)
