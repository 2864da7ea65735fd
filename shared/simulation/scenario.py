"""The story the simulated city tells: what happens in which year, so that every kind of verdict appears.

First year (2024): 亿元 starts stay on pace; 10亿元 starts fall behind from April to September, stand exactly on
pace in October and end above 60; 50亿元 starts fall far behind in June and miss 10; above-scale firms reach net
287 of 300, known only with the 1–2月 report of the next year; one new 百亿元 firm, 12 new 十亿元 and 104 new 亿元 ones.
Second year (2025): 亿元 starts begin slightly behind and recover; 10亿元 starts are ahead; 50亿元 starts
fall behind in summer and end at exactly 10; net 312 firms; new 十亿元 firms miss 10 by one. Later years repeat it.
Titles: in the first year 38 firms become little giants, provincial 专精特新 or champions (two short of 40) and 3 are listed; in
the second 111 and 1.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleScript:
    """One title at one level: how many hold it when the base year begins, and how many are granted it every year."""

    kind: str
    level: str
    held: int
    granted: tuple[int, ...]
    """In the base year, the first, the second; later years repeat the last."""
    batches: tuple[tuple[int, int], ...]
    """Month and day of the year's batches; the grants are spread evenly."""
    largest: int = 1000
    """It goes to the largest so many per mille of the register's firms that may have it."""
    below: int = 0
    """So many per mille of its grants go to firms below the threshold."""
    after: str | None = None
    """A kind that the firm must have been granted in an earlier year."""

    def count(self, year_index: int) -> int:
        """Return how many are granted in a year (0 the base year), or held before it (−1)."""
        return self.held if year_index < 0 else self.granted[min(year_index, len(self.granted) - 1)]


# Published [145] for 2020: 4 小巨人, 472 高新技术企业, 391 星级上云企业, 6 A股上市企业, 4 省级绿色工厂; for 2025 it wants 1000
# 高新技术企业 and 15 A股上市企业. Published for 2025 (政府工作报告): 4 (or 6) new 小巨人, 105 new 省级专精特新. The rest is assumed.
TITLES = (
    TitleScript(
        kind="provincial_srdi",
        level="provincial",
        held=150,
        granted=(40, 30, 105),
        batches=((11, 21),),
        largest=600,
        below=100,
    ),
    TitleScript(
        kind="national_giant",
        level="national",
        held=16,
        granted=(4, 7, 5),
        batches=((9, 2),),
        largest=700,
        after="provincial_srdi",
    ),
    TitleScript(kind="champion", level="national", held=1, granted=(1, 1, 1), batches=((4, 18),), largest=40),
    TitleScript(
        kind="high_tech",
        level="national",
        held=760,
        granted=(110, 100, 120),
        batches=((11, 6), (12, 13)),
        largest=800,
        below=150,
    ),
    TitleScript(kind="listed", level="a_share", held=7, granted=(1, 2, 1), batches=((6, 26),), largest=30),
    TitleScript(kind="listed", level="overseas", held=1, granted=(0, 1, 0), batches=((10, 17),), largest=30),
    TitleScript(kind="cloud_star", level="star_5", held=2, granted=(1, 1, 2), batches=((12, 11),), largest=100),
    TitleScript(
        kind="cloud_star", level="star_4", held=120, granted=(30, 35, 40), batches=((6, 12), (12, 11)), largest=500
    ),
    TitleScript(
        kind="cloud_star", level="star_3", held=800, granted=(210, 230, 260), batches=((6, 12), (12, 11)), below=50
    ),
    TitleScript(kind="green_factory", level="national", held=3, granted=(1, 2, 3), batches=((12, 20),), largest=100),
    TitleScript(kind="green_factory", level="provincial", held=12, granted=(6, 7, 8), batches=((11, 29),), largest=300),
)


def firm_script(year_index: int) -> FirmScript:
    """Return the script of a year: 0 is the year before the first, 1 the first."""
    return (BEFORE, SHORTFALL, RECOVERY)[min(year_index, 2)]


def start_script(year_index: int) -> StartScript:
    """Return the starts of a year, 1 being the first."""
    return STARTS_FALLING_BEHIND if year_index == 1 else STARTS_RECOVERING
