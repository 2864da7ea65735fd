"""From scratch in polars: the verdict of every target for every month, from the final data alone.

It knows nothing of the engine's code: what it reckons is what the glossary and the table of figures say.
"""

from collections.abc import Iterable
from dataclasses import asdict

import polars as pl

from benchmarks.restatement.actuals import actuals, net_moves
from benchmarks.restatement.archive import Frames
from benchmarks.restatement.numbers import SCALE, Kind, Number, Path
from benchmarks.restatement.size import LAST_YEAR, Size

VERDICT = ("city", "slug", "target_year", "period", "status", "actual")
_COUNTED = [str(kind) for kind in Kind if kind not in {Kind.FIGURE, Kind.HOLDERS, Kind.GRANTS}]


def numbers_frame(numbers: Iterable[Number]) -> pl.DataFrame:
    """Return the numbers as a frame."""
    return pl.DataFrame(
        [{**asdict(one), "kind": str(one.kind), "path": str(one.path), "falling": one.is_falling} for one in numbers]
    )


def judge_all(frames: Frames, numbers: pl.DataFrame, size: Size) -> pl.DataFrame:
    """Return city, slug, year of the target, period, status and actual of every verdict."""
    cities = pl.DataFrame({"city": size.city_ids})
    monthly = numbers.filter(pl.col("kind") != str(Kind.NET))
    grid = (
        monthly.join(cities, how="cross")
        .join(frames.reports, how="cross")
        .join(actuals(frames, monthly), on=["slug", "city", "no"], how="left")
        .with_columns(
            target_year=pl.when("yearly").then(pl.col("year")).otherwise(pl.lit(LAST_YEAR, pl.Int64)),
            actual=_without_unknown(pl.col("actual").fill_null(_zero()), size),
        )
    )
    return pl.concat([*_graded(grid, size), _net(frames, numbers, cities)])


def _zero() -> pl.Expr:
    """Nothing counted is zero, a figure or a list of titles that never came is not."""
    return pl.when(pl.col("kind").is_in(_COUNTED)).then(pl.lit(0, pl.Int64))


def _without_unknown(actual: pl.Expr, size: Size) -> pl.Expr:
    """Who crossed a line is not known in the first year: the December before it was never reported."""
    is_unknown = (pl.col("kind") == str(Kind.FIRMS_CROSSING)) & (pl.col("year") == size.first_year)
    return pl.when(~is_unknown).then(actual)


# ---- paces and lights -----------------------------------------------------------------------------------------------


def _graded(grid: pl.DataFrame, size: Size) -> list[pl.DataFrame]:
    """Grade exactly where the path is a fraction; growth paths are irrational, and graded as floats."""
    months = (
        pl.when("yearly").then(pl.col("month")).otherwise(12 * (pl.col("year") - size.first_year) + pl.col("month"))
    )
    frame = grid.with_columns(
        months=months,
        span=pl.when("yearly").then(12).otherwise(12 * size.years),
        is_final=(pl.col("year") == pl.col("target_year")) & (pl.col("month") == 12),
    )
    is_growth = pl.col("path") == str(Path.BASELINE_GROWTH)
    straight = frame.filter(~is_growth).with_columns(_straight())
    growing = frame.filter(is_growth).with_columns(
        expected=pl.col("baseline") * (pl.col("goal") / pl.col("baseline")) ** (pl.col("months") / pl.col("span")),
        over=pl.lit(1),
    )
    return [one.with_columns(status=_status()).select(VERDICT) for one in (straight, growing)]


def _straight() -> tuple[pl.Expr, pl.Expr]:
    """Return what is expected as a fraction: `expected` over `over`."""
    path = pl.col("baseline") * pl.col("span") + (pl.col("goal") - pl.col("baseline")) * pl.col("months")
    is_integer = pl.col("path") == str(Path.INTEGER)
    floored = pl.col("goal") // SCALE * pl.col("months") // pl.col("span") * SCALE
    return (
        pl.when(is_integer).then(floored).otherwise(path).alias("expected"),
        pl.when(is_integer).then(1).otherwise(pl.col("span")).alias("over"),
    )


def _status() -> pl.Expr:
    """Grade by the default lights: yellow up to 30 points of the goal, red beyond."""
    actual, goal = pl.col("actual"), pl.col("goal")
    ahead = actual * pl.col("over") - pl.col("expected")
    behind = pl.when("falling").then(ahead).otherwise(-ahead)
    is_met = pl.when("falling").then(actual <= goal).otherwise(actual >= goal)
    return (
        pl.when(actual.is_null())
        .then(pl.lit("no_data"))
        .when(is_met & (pl.col("is_final") | ~pl.col("falling")))
        .then(pl.lit("met"))
        .when("is_final")
        .then(pl.lit("missed"))
        .when(behind <= 0)
        .then(pl.lit("on_pace"))
        .when(100 * behind <= 30 * goal * pl.col("over"))
        .then(pl.lit("behind"))
        .otherwise(pl.lit("far_behind"))
    )


# ---- the net increase -----------------------------------------------------------------------------------------------


def _net(frames: Frames, numbers: pl.DataFrame, cities: pl.DataFrame) -> pl.DataFrame:
    """Judge a year's net increase once, with the January–February report of the year after; before it is not due."""
    years = frames.reports.select(pl.col("year").alias("target_year")).unique()
    months = 12 * (pl.col("year") - pl.col("target_year")) + pl.col("month")
    rows = (
        numbers.filter(pl.col("kind") == str(Kind.NET))
        .join(cities, how="cross")
        .join(years, how="cross")
        .join(frames.reports, how="cross")
        .filter(months.is_between(2, 14))
        .join(net_moves(frames), on=["city", "no"], how="left")
    )
    has_begun = pl.col("register_year") == pl.col("target_year")
    judged = pl.when(pl.col("actual") >= pl.col("goal")).then(pl.lit("met")).otherwise(pl.lit("missed"))
    status = pl.when(months == 14).then(judged).otherwise(pl.lit("not_due"))
    actual = pl.when(has_begun).then(pl.col("actual").fill_null(0))
    return rows.with_columns(status=status, actual=actual).select(VERDICT)
