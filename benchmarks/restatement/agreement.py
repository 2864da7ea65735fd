"""The current verdicts of the engine beside those of the batch: they must be the same, to the last one."""

import polars as pl

from benchmarks.restatement.database import Opened
from benchmarks.restatement.numbers import SCALE

_CURRENT = f"""
SELECT DISTINCT ON (target_id, area, period) city, split_part(split_part(target_id, '/', 3), '@', 1) AS slug,
       split_part(target_id, '@', 2)::bigint AS target_year, period, status, actual * {SCALE} AS actual
FROM rules.verdicts ORDER BY target_id, area, period, sequence DESC
"""  # noqa: S608  (a constant)
_KEY = ("city", "slug", "target_year", "period")


class DisagreementError(Exception):
    """Engine and batch judge differently: one of them is wrong."""


async def current_verdicts(opened: Opened) -> pl.DataFrame:
    """Return the current verdict of every target and period, its actual in ten-thousandths."""
    records = await opened.fetch(_CURRENT)
    broken = [record for record in records if record[5] is not None and record[5] != int(record[5])]
    if broken:
        raise DisagreementError(f"{len(broken)} actuals have more digits than their data, such as {broken[0]}")
    columns = ("city", "slug", "target_year", "period", "status")
    frame = {name: [record[place] for record in records] for place, name in enumerate(columns)}
    actual = [None if record[5] is None else int(record[5]) for record in records]
    return pl.DataFrame({**frame, "actual": pl.Series(actual, dtype=pl.Int64)})


def compare(engine: pl.DataFrame, batch: pl.DataFrame) -> int:
    """Return how many verdicts agree in status and actual; raise DisagreementError when any does not."""
    both = engine.join(batch, on=_KEY, how="full", coalesce=True, suffix="_of_batch")
    same = both.filter(
        pl.col("status").eq_missing(pl.col("status_of_batch")), pl.col("actual").eq_missing(pl.col("actual_of_batch"))
    )
    if same.height < both.height:
        differing = both.join(same, on=_KEY, how="anti").sort(_KEY)
        raise DisagreementError(f"{differing.height} of {both.height} verdicts differ: {differing.head(5).to_dicts()}")
    return same.height
