from services.query.domain.arrivals import Arrival, PeriodArrivals, Submitted, arrivals


def submitted(feed: str, period: str, *, complete: bool = True) -> Submitted:
    return Submitted(submission_id=f"{feed} {period}", feed=feed, period=period, complete=complete, simulated=False)


def state(grid: tuple[PeriodArrivals, ...], period: str, feed: str) -> Arrival:
    row = next(one for one in grid if one.period == period)
    return next(cell.arrival for cell in row.cells if cell.feed == feed)


def test_nothing_arrived_is_an_empty_grid() -> None:
    assert arrivals([]) == ()


def test_a_month_between_two_that_arrived_is_missing() -> None:
    grid = arrivals([submitted("projects", "2024-03"), submitted("projects", "2024-05")])
    assert [one.period for one in grid] == ["2024-05", "2024-04", "2024-03"]
    assert state(grid, "2024-04", "projects") is Arrival.MISSING
    assert state(grid, "2024-04", "ratings") is Arrival.NOT_EXPECTED


def test_a_feed_that_never_came_is_missing_where_another_monthly_feed_came() -> None:
    assert state(arrivals([submitted("projects", "2024-03")]), "2024-03", "enterprises") is Arrival.MISSING


def test_there_is_no_february() -> None:
    grid = arrivals([submitted("projects", "2023-12"), submitted("projects", "2024-03")])
    assert [one.period for one in grid] == ["2024-03", "2024-01/P2M", "2023-12"]


def test_rounds_are_shown_when_they_came_and_never_missing() -> None:
    grid = arrivals([submitted("ratings", "2023"), submitted("ratings", "2025")])
    assert [one.period for one in grid] == ["2025", "2023"]
    assert state(grid, "2025", "enterprises") is Arrival.NOT_EXPECTED


def test_titles_are_shown_when_they_came_and_never_missing() -> None:
    grid = arrivals([submitted("recognitions", "2024-03"), submitted("projects", "2024-05")])
    assert state(grid, "2024-03", "recognitions") is Arrival.COMPLETE
    assert state(grid, "2024-05", "recognitions") is Arrival.NOT_EXPECTED


def test_one_submission_not_read_to_its_end_makes_the_cell_incomplete() -> None:
    grid = arrivals([submitted("projects", "2024-03"), submitted("projects", "2024-03", complete=False)])
    assert state(grid, "2024-03", "projects") is Arrival.INCOMPLETE


def test_what_alerts_press_for_is_overdue_also_after_the_newest_period_and_of_feeds_that_come_in_rounds() -> None:
    grid = arrivals(
        [submitted("projects", "2026-08"), submitted("projects", "2026-10")],
        overdue={("2026-09", "projects"), ("2026-11", "indicators")},
    )
    assert [one.period for one in grid] == ["2026-11", "2026-10", "2026-09", "2026-08"]
    assert state(grid, "2026-09", "projects") is Arrival.OVERDUE
    assert state(grid, "2026-11", "indicators") is Arrival.OVERDUE
    assert state(grid, "2026-11", "projects") is Arrival.NOT_EXPECTED


def test_what_is_on_its_way_is_incomplete_even_if_an_alert_presses_for_it() -> None:
    grid = arrivals([submitted("projects", "2026-09", complete=False)], overdue={("2026-09", "projects")})
    assert state(grid, "2026-09", "projects") is Arrival.INCOMPLETE
