"""The figures of every number, city and report, counted from the frames in one pass a kind; amounts in ten-thousandths."""

import polars as pl

from benchmarks.restatement.archive import Frames
from benchmarks.restatement.numbers import SCALE, YI, Kind

KEY = ("slug", "city", "no")
_PER_YI = YI // SCALE


def actuals(frames: Frames, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return slug, city, no and `actual` where anything is counted; what is not there is zero."""
    parts = [
        frames.figures.select(*KEY, "actual"),
        _projects(frames, numbers),
        _register(frames, numbers),
        _firms_over(frames, numbers),
        _titles(frames, numbers),
    ]
    return pl.concat([part.select(*KEY, pl.col("actual").cast(pl.Int64)) for part in parts])


def _of(numbers: pl.DataFrame, *kinds: Kind) -> pl.DataFrame:
    return numbers.filter(pl.col("kind").is_in([str(kind) for kind in kinds]))


# ---- projects -------------------------------------------------------------------------------------------------------


def _projects(frames: Frames, numbers: pl.DataFrame) -> pl.DataFrame:
    """Take each project's latest row by each report; count those whose event lies in the number's years."""
    known = frames.projects.select("city", "code").unique()
    rows = (
        known.join(frames.reports.select("no", "year", "end"), how="cross")
        .sort("no")
        .join_asof(frames.projects.sort("no"), on="no", by=["city", "code"], check_sortedness=False)
        .unpivot(
            ["signed", "started", "completed", "in_production"],
            index=["city", "no", "year", "end", "total"],
            variable_name="choice",
            value_name="day",
        )
        .filter(pl.col("day") <= pl.col("end"))
    )
    counted = rows.join(_of(numbers, Kind.COUNT_PROJECTS, Kind.SUM_PROJECTS), on="choice").filter(
        pl.col("total") >= pl.col("line_yuan"),
        ~pl.col("yearly") | (pl.col("day").dt.year() == pl.col("year")),
    )
    amount = pl.when(pl.col("kind") == str(Kind.COUNT_PROJECTS)).then(SCALE).otherwise(pl.col("total") // _PER_YI)
    return counted.group_by(KEY).agg(amount.sum().alias("actual"))


# ---- firms ----------------------------------------------------------------------------------------------------------


def _register(frames: Frames, numbers: pl.DataFrame) -> pl.DataFrame:
    """Sum the register by industry first, then for every number over its industries."""
    amounts = ("revenue", "output", "profit", "tax")
    totals = (
        frames.firms.join(frames.reports.select("no", "end"), on="no")
        .filter("above_scale", pl.col("exited_on").is_null() | (pl.col("exited_on") > pl.col("end")))
        .group_by("city", "no", "industry")
        .agg(pl.len().cast(pl.Int64).mul(SCALE).alias(""), *(pl.col(name).sum() // _PER_YI for name in amounts))
        .unpivot(["", *amounts], index=["city", "no", "industry"], variable_name="choice", value_name="amount")
    )
    return (
        totals.join(_of(numbers, Kind.COUNT_REGISTER, Kind.SUM_FIRMS).rename({"industry": "within"}), on="choice")
        .filter(pl.col("industry").str.starts_with(pl.col("within")))
        .group_by(KEY)
        .agg(pl.col("amount").sum().alias("actual"))
    )


def _firms_over(frames: Frames, numbers: pl.DataFrame) -> pl.DataFrame:
    """Count the firms over each line; of those that cross it, leave out who was over it in the December before."""
    reports = frames.reports.select("no", "year", "month")
    firms = frames.firms.select("city", "no", "uscc", "revenue").join(reports, on="no")
    before = firms.filter(pl.col("month") == 12).select(
        "city", "uscc", (pl.col("year") + 1).alias("year"), pl.col("revenue").alias("before")
    )
    is_old = pl.col("before").fill_null(0) >= pl.col("line_yuan")
    return (
        firms.join(before, on=["city", "uscc", "year"], how="left")
        .join(_of(numbers, Kind.FIRMS_ABOVE, Kind.FIRMS_CROSSING), how="cross")
        .filter(pl.col("revenue") >= pl.col("line_yuan"), (pl.col("kind") == str(Kind.FIRMS_ABOVE)) | ~is_old)
        .group_by(KEY)
        .agg((pl.len().cast(pl.Int64) * SCALE).alias("actual"))
    )


def net_moves(frames: Frames) -> pl.DataFrame:
    """Return city, no and `actual`: entries minus exits of the report's statistical year up to it."""
    reports = frames.reports.select("no", "end", "register_year")
    rows = frames.firms.select("city", "no", "uscc", "entered_on", "exited_on").join(reports, on="no").drop("end")
    latest = (
        rows.select("city", "uscc", "register_year")
        .unique()
        .join(reports, on="register_year")
        .sort("no")
        .join_asof(rows.sort("no"), on="no", by=["city", "uscc", "register_year"], check_sortedness=False)
    )
    return latest.group_by("city", "no").agg(
        ((_in_year("entered_on").sum().cast(pl.Int64) - _in_year("exited_on").sum()) * SCALE).alias("actual")
    )


def _in_year(day: str) -> pl.Expr:
    """Whether the day has come and lies between March and the February after."""
    moved = pl.col(day)
    year = moved.dt.year() - (moved.dt.month() < 3).cast(pl.Int32)
    return (moved <= pl.col("end")).fill_null(value=False) & (year == pl.col("register_year")).fill_null(value=False)


# ---- titles ---------------------------------------------------------------------------------------------------------


def _titles(frames: Frames, numbers: pl.DataFrame) -> pl.DataFrame:
    """Count firms with a title at the end of each report, or granted one in its year."""
    rows = (
        frames.titles.rename({"kind": "choice"})
        .join(frames.reports.select("no", "year", "end"), how="cross")
        .filter(pl.col("granted_on") <= pl.col("end"))
        .join(_of(numbers, Kind.HOLDERS, Kind.GRANTS), on="choice")
    )
    is_held = pl.col("revoked_on").is_null() | (pl.col("revoked_on") > pl.col("end"))
    counts = (
        pl.when(pl.col("kind") == str(Kind.HOLDERS))
        .then(is_held)
        .otherwise(pl.col("granted_on").dt.year() == pl.col("year"))
    )
    return rows.group_by(KEY).agg((pl.col("uscc").filter(counts).n_unique().cast(pl.Int64) * SCALE).alias("actual"))
