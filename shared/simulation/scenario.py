"""The story the simulated city tells: what happens in which year, so that every kind of verdict appears.

First year (2024): 亿元 starts stay on pace; 10亿元 starts fall behind from April to September, stand exactly on
pace in October and end above 60; 50亿元 starts fall far behind in June and miss 10; above-scale firms reach net
287 of 300, known only with the 1–2月 report of the next year; one new 百亿元 firm, 12 new 十亿元 and 104 new 亿元 ones.
Second year (2025): 亿元 starts begin slightly behind and recover; 10亿元 starts are ahead; 50亿元 starts
fall behind in summer and end at exactly 10; net 312 firms; new 十亿元 firms miss 10 by one. Later years repeat it.
Counts of starts are cumulative and accepted, one number a monthly report: 1–2月, March … December.
"""

from dataclasses import dataclass

PROJECT_TIERS = (10_000, 100_000, 500_000, 1_000_000)
"""亿元, 10亿元, 50亿元, 百亿元 of planned total investment, in 万元; nested, the bound included."""
FIRM_TIERS = (10_000, 100_000, 1_000_000)
"""亿元, 十亿元, 百亿元 of yearly revenue, in 万元; 超, the bound excluded."""
SCALE_THRESHOLD = 2_000
"""规模以上: yearly revenue in 万元, the bound included."""
MAX_YEARS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmScript:
    """One statistical year of the register: what enters and leaves from March to the next 1–2月 report."""

    new: tuple[int, ...] = ()
    """Newly commissioned firms entering in March … December."""
    closed: tuple[int, ...] = ()
    """Firms leaving because they closed, in March … December."""
    grown: int
    moved_in: int = 0
    changed_in: int = 0
    shrunk: int
    moved_out: int
    changed_out: int
    crossing: tuple[int, int, int] = (0, 0, 0)
    """Firms whose revenue of the year passes 亿元, 十亿元, 百亿元 for the first time."""
    held: int = 0
    """Firms passing 2000万元 in the year that are not admitted: they stay candidates."""

    @property
    def net(self) -> int:
        """Entries less exits of the statistical year."""
        entries = sum(self.new) + self.grown + self.moved_in + self.changed_in
        return entries - sum(self.closed) - self.shrunk - self.moved_out - self.changed_out


BEFORE = FirmScript(grown=270, shrunk=40, moved_out=4, changed_out=6)
SHORTFALL = FirmScript(
    new=(5, 6, 7, 6, 8, 6, 5, 7, 8, 8),
    closed=(2, 2, 3, 2, 3, 2, 2, 3, 3, 2),
    grown=296,
    moved_in=7,
    changed_in=4,
    shrunk=48,
    moved_out=6,
    changed_out=8,
    crossing=(104, 12, 1),
    held=25,
)
RECOVERY = FirmScript(
    new=(6, 7, 7, 7, 8, 7, 6, 8, 8, 8),
    closed=(2, 3, 3, 2, 3, 3, 2, 3, 3, 2),
    grown=318,
    moved_in=8,
    changed_in=6,
    shrunk=52,
    moved_out=6,
    changed_out=8,
    crossing=(111, 9, 1),
    held=20,
)


@dataclass(frozen=True, slots=True)
class StartScript:
    """Cumulative accepted project starts of one year by tier, one number a monthly report."""

    above_100_million: tuple[int, ...]
    above_1_billion: tuple[int, ...]
    above_5_billion: tuple[int, ...]
    above_10_billion: tuple[int, ...]

    def by_report(self) -> list[tuple[int, int, int, int]]:
        """Return the new starts of each report, smallest tier first, each tier without the ones above it."""
        nested = list(
            zip(self.above_100_million, self.above_1_billion, self.above_5_billion, self.above_10_billion, strict=True)
        )
        before = [(0, 0, 0, 0), *nested[:-1]]
        gains = [[now - then for now, then in zip(*pair, strict=True)] for pair in zip(nested, before, strict=True)]
        return [(one - ten, ten - fifty, fifty - hundred, hundred) for one, ten, fifty, hundred in gains]


STARTS_FALLING_BEHIND = StartScript(
    (36, 54, 74, 88, 104, 121, 137, 156, 172, 190, 213),
    (10, 15, 17, 19, 20, 23, 27, 38, 50, 57, 63),
    (1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6),
    (0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1),
)
STARTS_RECOVERING = StartScript(
    (30, 52, 70, 85, 102, 118, 135, 153, 170, 186, 206),
    (11, 16, 21, 26, 31, 36, 41, 46, 51, 56, 61),
    (1, 2, 3, 4, 4, 4, 5, 6, 8, 9, 10),
    (0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideProjects:
    """Projects of a year that must not count as its starts."""

    never_accepted: tuple[int, int] = (4, 1)
    """Started at a ceremony, evidence never accepted: below and above 10亿元."""
    small: int = 60
    """Started and accepted, below 亿元."""
    signed_only: int = 48
    """Signed and filed, never started."""


CARRIED_OVER = (105, 38, 5, 1)
"""Projects started the year before the first one, by tier; some of them filed under the old code form."""
OLD_CODES = 24
RATING_D_CAP = 6
"""At most so many firms of an area are rated D, so that a demonstration stays readable (5 % would be 50 in 沭阳)."""


def firm_script(year_index: int) -> FirmScript:
    """Return the script of a year: 0 is the year before the first, 1 the first."""
    return (BEFORE, SHORTFALL, RECOVERY)[min(year_index, 2)]


def start_script(year_index: int) -> StartScript:
    """Return the starts of a year, 1 being the first."""
    return STARTS_FALLING_BEHIND if year_index == 1 else STARTS_RECOVERING
