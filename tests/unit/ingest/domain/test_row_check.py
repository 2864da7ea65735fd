"""Rows of every feed: what is canonical, what is found, and what never passes."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.envelope import Action, Envelope
from services.ingest.domain.errors import Flaw
from services.ingest.domain.feeds import FEED_TABLES, FeedName
from services.ingest.domain.finding import LONGEST_SHOWN_VALUE
from services.ingest.domain.row_check import CheckedRow, RowCheck, UnreadableRow
from shared.kernel.period import Period
from shared.reference.recognition_kinds import RecognitionKinds
from tests.contracts.ingest_submissions import (
    DATA,
    REFERENCE,
    TODAY,
    figure,
    firm,
    project,
    rating,
    recognition,
    sender,
)


def _check(feed: FeedName, period: str = "2024-06", **envelope: Any) -> RowCheck:
    return RowCheck(
        FEED_TABLES[feed],
        Envelope(
            period=Period.parse(period), action=Action.MERGE, reason=None, reference=None, area=envelope.get("area")
        ),
        sender(**envelope.get("sender", {})),
        reference=REFERENCE,
        today=TODAY,
    )


def _codes(check: RowCheck) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.code) for one in check.errors.listed]


def _one(feed: FeedName, row: object, **envelope: Any) -> tuple[CheckedRow | None, RowCheck]:
    check = _check(feed, **envelope)
    return check.check(row), check


def test_a_firm_becomes_its_key_and_canonical_content() -> None:
    checked, _ = _one(FeedName.ENTERPRISES, firm(1, profit_ytd="-0.5", energy_ytd="12.50", employees="30", land=""))
    assert checked is not None
    assert checked.cell == firm(1)["uscc"]
    assert "uscc" not in checked.content
    wanted = {
        "revenue_ytd_yuan": 12_345_000,
        "profit_ytd_yuan": -5_000,
        "energy_ytd_tce": "12.5",
        "employees": 30,
        "land_mu": None,
        "above_scale": True,
    }
    assert wanted.items() <= checked.content.items()


@pytest.mark.parametrize(
    ("feed", "row", "column", "code"),
    [
        pytest.param("enterprises", firm(1, uscc="9132"), "uscc", "uscc.form", id="short uscc"),
        pytest.param("enterprises", firm(1, name=" "), "name", "value.missing", id="blank name"),
        pytest.param("enterprises", firm(1, area="999999"), "area", "area.unknown", id="no such area"),
        pytest.param("enterprises", firm(1, area="320613"), "area", "area.foreign", id="area of another city"),
        pytest.param("enterprises", firm(1, area=321302), "area", "area.form", id="area as a number"),
        pytest.param("enterprises", firm(1, industry="9999"), "industry", "industry.unknown", id="no such industry"),
        pytest.param("enterprises", firm(1, above_scale="?"), "above_scale", "boolean.form", id="truth value"),
        pytest.param("enterprises", firm(1, entry_kind="x"), "entry_kind", "choice.unknown", id="choice"),
        pytest.param("enterprises", firm(1, entered_on="2024-13-01"), "entered_on", "date.unknown", id="month 13"),
        pytest.param("enterprises", firm(1, revenue_ytd="-1"), "revenue_ytd", "number.negative", id="below zero"),
        pytest.param("enterprises", firm(1, colour="red"), "colour", "column.unknown", id="unknown column"),
        pytest.param("enterprises", [1], None, "row.form", id="no object"),
        pytest.param("projects", project(1, code="1"), "code", "project_code.form", id="project code"),
        pytest.param("projects", project(1, planned_total=None), "planned_total", "value.missing", id="no total"),
        pytest.param("ratings", rating(1, **{"class": "E"}), "class", "choice.unknown", id="class"),
        pytest.param("ratings", rating(1, year="23"), "year", "year.form", id="year"),
        pytest.param("recognitions", recognition(1, kind="x"), "kind", "kind.unknown", id="no such title"),
        pytest.param("recognitions", recognition(1, kind=None), "kind", "value.missing", id="no kind"),
        pytest.param(
            "recognitions", recognition(1, level="star_9"), "level", "level.undeclared", id="level of no kind"
        ),
        pytest.param(
            "recognitions", recognition(1, level="national"), "level", "level.undeclared", id="level of another kind"
        ),
        pytest.param("recognitions", recognition(1, batch=" "), "batch", "value.missing", id="no batch"),
        pytest.param(
            "recognitions", recognition(1, revoked_on="2024-06-10"), "revoked_on", "date.order", id="revoked too early"
        ),
        pytest.param("indicators", figure(indicator="x"), "indicator", "indicator.unknown", id="unknown indicator"),
        pytest.param("indicators", figure(indicator="project-starts"), "indicator", "indicator.derived", id="derived"),
        pytest.param("indicators", figure(unit="吨"), "unit", "unit.unknown", id="unit"),
        pytest.param("indicators", figure(measure="growth"), "measure", "measure.undeclared", id="measure"),
        pytest.param("indicators", figure(basis="point"), "basis", "basis.undeclared", id="basis"),
        pytest.param("indicators", figure(basis="year"), "period", "basis.period", id="year basis, month period"),
        pytest.param("indicators", figure(period="2024-07"), "period", "period.after_envelope", id="later period"),
        pytest.param("indicators", figure(period="2024-02"), "period", "period.no_february", id="there is no February"),
    ],
)
def test_each_rule_has_its_code(feed: str, row: Any, column: str | None, code: str) -> None:
    checked, check = _one(FeedName(feed), row)
    assert checked is None
    assert _codes(check) == [(1, column, code)]
    assert check.errors.listed[0].zh
    assert check.errors.listed[0].en


def test_every_error_of_a_row_is_listed() -> None:
    _, check = _one(FeedName.ENTERPRISES, {"uscc": "x", "area": "320613", "revenue_ytd": "x"})
    assert [code for _, _, code in _codes(check)] == [
        "uscc.form",
        "value.missing",
        "area.foreign",
        "value.missing",
        "value.missing",
        "value.missing",
        "number.form",
    ]
    assert (check.errors.rows, check.foreign) == (1, 1)


def test_a_level_and_dates_that_are_both_wrong_are_both_listed() -> None:
    _, check = _one(FeedName.RECOGNITIONS, recognition(1, level="a_share", revoked_on="2023-12-31"))
    assert _codes(check) == [(1, "level", "level.undeclared"), (1, "revoked_on", "date.order")]
    assert "star_5、star_4、star_3、star_2" in check.errors.listed[0].zh
    assert "star_5, star_4, star_3, star_2" in check.errors.listed[0].en


def test_every_level_of_every_kind_is_taken() -> None:
    check = _check(FeedName.RECOGNITIONS)
    titles = RecognitionKinds.load(DATA / "recognition_kinds.csv").by_kind.values()
    rows = [recognition(1, kind=title.kind, level=level, batch=level) for title in titles for level in title.levels]
    assert all(check.check(row) is not None for row in rows)


def test_a_title_may_be_revoked_on_the_day_it_was_granted_and_may_have_no_name() -> None:
    checked, _ = _one(FeedName.RECOGNITIONS, recognition(1, revoked_on="2024-06-11", name=""))
    assert checked is not None
    assert checked.cell == f"{recognition(1)['uscc']}|cloud_star|2024年第一批"
    assert checked.content == {
        "name": None,
        "level": "star_4",
        "granted_on": "2024-06-11",
        "revoked_on": "2024-06-11",
        "area": "321302",
    }


def test_second_row_with_the_same_key_names_the_first() -> None:
    check = _check(FeedName.ENTERPRISES)
    check.check(firm(1))
    check.check(firm(2))
    assert check.check(firm(1, name="别名")) is None
    assert _codes(check) == [(3, "uscc", "key.duplicate")]
    assert "第1条" in check.errors.listed[0].zh


def test_same_firm_may_have_ratings_of_two_years() -> None:
    check = _check(FeedName.RATINGS)
    assert check.check(rating(1)) is not None
    assert check.check(rating(1, year=2022)) is not None


def test_header_names_unknown_and_missing_columns() -> None:
    check = _check(FeedName.RATINGS)
    check.check_header(frozenset({"uscc", "year", "class", "stage", "area", "colour"}))
    assert _codes(check) == [(None, "colour", "column.unknown"), (None, "published_on", "column.missing")]


def test_area_that_ended_is_not_valid_afterwards() -> None:
    nantong = {"city": "320600"}
    assert _one(FeedName.ENTERPRISES, firm(1, area="320602"), period="2019-06", sender=nantong)[0] is not None
    _, check = _one(FeedName.ENTERPRISES, firm(1, area="320602"), sender=nantong)
    assert _codes(check) == [(1, "area", "area.not_valid")]


def test_area_of_the_envelope_bounds_the_rows() -> None:
    _, check = _one(FeedName.ENTERPRISES, firm(1, area="321311"), area="321302")
    assert _codes(check) == [(1, "area", "area.outside_envelope")]


def test_figure_is_converted_by_the_declared_factor() -> None:
    checked, _ = _one(FeedName.INDICATORS, figure(value="12345.6", unit="万元"))
    assert checked is not None
    assert (checked.content["value"], checked.content["unit"]) == ("1.23456", "亿元")
    assert checked.cell == "industrial-sales|321300|2024-06|level|ytd"


def test_figure_takes_period_and_authority_from_envelope_and_key_unless_given() -> None:
    checked, _ = _one(FeedName.INDICATORS, figure(basis="year", period="2023", authority="另一机构"), period="2024")
    assert checked is not None
    assert checked.cell.split("|")[2] == "2023"
    assert checked.content["authority"] == "另一机构"
    _, check = _one(FeedName.INDICATORS, figure(), sender={"authority": None})
    assert _codes(check) == [(1, "authority", "authority.missing")]


def test_stage_of_a_rating_is_its_edition() -> None:
    stages = ("preliminary", "public_notice", "objected", "final")
    rows = [_one(FeedName.RATINGS, rating(1, stage=stage))[0] for stage in stages]
    assert [row.edition for row in rows if row is not None] == [0, 1, 2, 3]


_values = st.one_of(st.none(), st.booleans(), st.integers(), st.decimals(), st.text(max_size=30), st.just([]))


@given(st.sampled_from(list(FeedName)), st.data())
def test_any_row_passes_or_has_findings(feed: FeedName, data: st.DataObject) -> None:
    row = data.draw(st.dictionaries(st.sampled_from(sorted(FEED_TABLES[feed].names)), _values))
    checked, check = _one(feed, row)
    assert (checked is None) == (check.errors.total > 0)


def test_future_period_of_a_figure_is_refused() -> None:
    assert date(2024, 8, 1) > TODAY
    _, check = _one(FeedName.INDICATORS, figure(period="2024-08"))
    assert _codes(check) == [(1, "period", "period.future")]


def test_row_that_could_not_be_read_is_one_finding_among_the_others() -> None:
    check = _check(FeedName.ENTERPRISES)
    for row in (UnreadableRow(Flaw("row.width", "宽", "width")), firm(2, uscc="x")):
        assert check.check(row) is None
    assert _codes(check) == [(1, None, "row.width"), (2, "uscc", "uscc.form")]


def test_long_column_name_is_cut() -> None:
    _, check = _one(FeedName.ENTERPRISES, {**firm(1), "x" * 100_000: 1})
    assert len(check.errors.listed[0].column or "") == LONGEST_SHOWN_VALUE + 1
