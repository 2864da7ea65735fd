"""Looking back: what every read promises of `as_of`, and what was known of each thing then."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.fakes.query_alerts import ALERT, CLOSED_ALERT, D_ALERT, OPENED, WORSENED
from tests.fakes.query_base import PLAN, T0, insert, recorded_at
from tests.fakes.query_corrections import (
    CORRECTED,
    CORRECTED_PERIOD,
    FIGURE_CORRECTION,
    PROJECT_CORRECTION,
    REVISED,
)
from tests.fakes.query_entities import FIRM, PROJECT
from tests.integration.query.adapters.test_api import CURSORED, READS
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

VALUES = f"/v1/indicators/{REVISED}/values"
TARGET = f"/v1/targets/{PLAN}/m1/starts-50yi@2025"
LATER = "2026-01-01T00:00:00Z"
BEFORE_CORRECTION = quote(CORRECTED.isoformat())


def _with(path: str, parameters: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{parameters}"


async def test_every_read_repeats_the_instant_and_looked_at_from_the_end_answers_as_now(query: Query) -> None:
    for path in READS:
        now, then = await query.get(path), await query.get(_with(path, f"as_of={LATER}"))
        assert (then.status_code, then.headers["planwatch-as-of"]) == (200, "2026-01-01T00:00:00Z"), path
        assert "planwatch-as-of" not in now.headers
        assert _without_progress(then.json()) == _without_progress(now.json()), path


def _without_progress(answer: Any) -> Any:
    """How far an incomplete submission was read, and why a notice failed, is known of now alone."""
    match answer:
        case {"state": "incomplete" | "failed"}:
            return {"id": answer.get("id")}
        case dict():
            return {
                name: _without_progress(value)
                for name, value in answer.items()
                if name not in _PROGRESS and name != "next"
            }
        case list():
            return [_without_progress(one) for one in answer]
        case other:
            return other


_PROGRESS = {"attempts", "next_attempt_at", "last_error", "notices"}


async def test_before_anything_was_known_lists_are_empty_and_things_are_not_found(query: Query) -> None:
    for path in READS:
        answer = await query.get(_with(path, "as_of=2020-01-01"))
        assert answer.status_code == 404 or answer.json() == {"items": [], "next": None}, path
        assert answer.headers["planwatch-as-of"] == "2020-01-01T15:59:59.999999Z"


async def test_an_instant_nobody_can_read_or_know_is_refused_in_both_languages(query: Query) -> None:
    for path in READS:
        for given, code in (("soon", "instant-unreadable"), ("2999-01-01", "instant-in-future")):
            answer = await query.get(_with(path, f"as_of={given}"))
            assert (answer.status_code, answer.json()["type"]) == (422, f"urn:planwatch:problem:{code}"), path
    chinese = (await query.get("/v1/plans?as_of=2999-01-01")).json()["detail"]
    english = (await query.client.get("/v1/plans?as_of=2999-01-01", headers={"Accept-Language": "en"})).json()["detail"]
    assert "尚未到来" in chinese
    assert "future" in english


async def test_a_cursor_goes_on_only_where_it_was_given(query: Query) -> None:
    for path in CURSORED:
        page = (await query.get(_with(path, f"limit=1&as_of={LATER}"))).json()
        if page["next"] is not None:
            for other in ("", "&as_of=2026-02-01", f"&as_of={LATER}"):
                answer = await query.get(_with(path, f"limit=1&cursor={page['next']}{other}"))
                assert answer.status_code == (200 if LATER in other else 422), (path, other)


async def test_an_empty_instant_is_now(query: Query) -> None:
    answer = await query.get("/v1/alerts?as_of=")
    assert (answer.status_code, "planwatch-as-of" in answer.headers) == (200, False)


async def test_which_alerts_were_open_on_a_day_as_seen_then_is_one_query(query: Query) -> None:
    async def standing(day: str, state: str) -> dict[Any, Any]:
        found = await query.items(f"/v1/alerts?as_of={day}&state={state}")
        return {one["id"]: one["severity"] for one in found}

    assert await standing("2025-05-01", "open") == {CLOSED_ALERT: "yellow"}
    assert await standing("2025-05-28", "open") == {ALERT: "yellow"}
    assert await standing("2025-05-28", "acknowledged") == {D_ALERT: "yellow"}
    assert await standing("2025-05-28", "closed") == {CLOSED_ALERT: "yellow"}
    assert await standing("2025-12-01", "open") == {ALERT: "red"}
    for state in ("suspended", "made_good", "retracted"):
        assert await standing("2025-12-01", state) == {}


async def test_an_alert_of_then_has_the_history_and_the_notices_of_then(query: Query) -> None:
    found = (await query.get(f"/v1/alerts/{ALERT}?as_of={quote(OPENED.isoformat())}")).json()
    assert [event["change"] for event in found["history"]] == ["opened"]
    assert [(one["state"], one["sent_at"], one["attempts"]) for one in found["notices"]] == [("queued", None, 0)]
    sent = (await query.get(f"/v1/alerts/{ALERT}?as_of={quote((OPENED + timedelta(seconds=2)).isoformat())}")).json()
    assert [(one["state"], one["attempts"]) for one in sent["notices"]] == [("sent", 1)]
    worse = (await query.get(f"/v1/alerts/{ALERT}?as_of={quote(WORSENED.isoformat())}")).json()
    assert sorted(one["state"] for one in worse["notices"]) == ["queued", "queued", "sent"]
    assert {one["last_error"] for one in worse["notices"]} == {None}


async def test_a_submission_of_then_is_incomplete_until_it_was_complete(query: Query) -> None:
    then = (await query.get(f"/v1/submissions/{PROJECT_CORRECTION}?as_of={BEFORE_CORRECTION}")).json()
    assert (then["state"], then["received"], then["completed_at"]) == ("incomplete", None, None)
    now = (await query.get(f"/v1/submissions/{PROJECT_CORRECTION}")).json()
    assert (now["state"], now["received"]) == ("complete", 1)


async def test_a_project_is_reported_as_it_was_before_its_correction(query: Query) -> None:
    async def completed(parameters: str) -> object:
        reports = (await query.get(f"/v1/projects/{PROJECT}{parameters}")).json()["reports"]
        return next(one["completed_ytd_yuan"] for one in reports if one["period"] == str(CORRECTED_PERIOD))

    assert await completed(f"?as_of={BEFORE_CORRECTION}") == 285_000_000
    assert await completed("") == 391_000_000


async def test_a_target_shows_the_verdict_that_governed_then(query: Query) -> None:
    june = (await query.get(f"{TARGET}?as_of={quote(recorded_at(CORRECTED_PERIOD).isoformat())}")).json()
    assert june["verdict"]["period"] == "2025-03"
    assert (await query.get(TARGET)).json()["verdict"]["period"] == "2025-08"
    earlier = quote((T0 - timedelta(days=20)).isoformat())
    assert (await query.get(f"{TARGET}?as_of={earlier}")).json()["verdict"] is None


async def test_the_history_of_verdicts_holds_those_that_others_replaced(query: Query) -> None:
    row = dict(await query.owner.fetchrow("SELECT * FROM rules.verdicts WHERE target_id = $1", TARGET[12:]) or {})
    again = {name: value for name, value in row.items() if name != "sequence"}
    for name in ("reasons", "inputs", "figures", "outlook"):
        again.pop(name)
    again |= {"reasons": [], "inputs": [], "figures": [], "verdict_id": "verdict_again", "recorded_at": CORRECTED}
    await insert(query.owner, "rules.verdicts", [again])
    current, everything = await query.items(f"{TARGET}/verdicts"), await query.items(f"{TARGET}/verdicts?history=true")
    replaced = {str(one["id"]) for one in everything} - {str(one["id"]) for one in current}
    assert replaced == {row["verdict_id"]}
    then = await query.items(f"{TARGET}/verdicts?history=true&as_of={LATER}")
    assert then == everything
    page = (await query.get(f"{TARGET}/verdicts?history=true&limit=1")).json()
    assert (await query.get(f"{TARGET}/verdicts?limit=1&cursor={page['next']}")).status_code == 422


async def test_the_values_of_then_can_be_asked_for_as_sdmx_does(query: Query) -> None:
    for parameter in ("as_of", "asOf"):
        (then,) = await query.items(f"{VALUES}?{parameter}={BEFORE_CORRECTION}")
        assert (then["value"], then["submission_id"]) != ("39.2", FIGURE_CORRECTION)
    both = f"as_of={BEFORE_CORRECTION}&asOf={BEFORE_CORRECTION}"
    assert (await query.get(f"{VALUES}?{both}")).status_code == 200
    differing = await query.get(f"{VALUES}?as_of={BEFORE_CORRECTION}&asOf=2025-01-01")
    assert differing.json()["type"] == "urn:planwatch:problem:as-of-conflict"
    assert (await query.get("/v1/plans?asOf=2025-01-01")).status_code == 422


async def test_the_history_of_a_figure_says_who_changed_it_when_and_why(query: Query) -> None:
    newest, first = await query.items(f"{VALUES}?includeHistory=true")
    assert (newest["value"], newest["reason"], newest["reference"]) == ("39.2", "revision", "第五次全国经济普查修订")
    assert (first["value"], first["reason"], first["valid_to"]) == ("38.9", None, newest["valid_from"])
    assert (newest["valid_to"], newest["removed"], newest["action"]) == (None, False, "Replace")
    (then,) = await query.items(f"{VALUES}?includeHistory=true&asOf={BEFORE_CORRECTION}")
    assert (then["value"], then["valid_to"]) == ("38.9", None)
    (since,) = await query.items(f"{VALUES}?includeHistory=true&updatedAfter={BEFORE_CORRECTION}")
    assert since["value"] == "39.2"


async def test_what_changed_after_an_instant_is_listed_removals_too(query: Query) -> None:
    (changed,) = await query.items(f"{VALUES}?updatedAfter={BEFORE_CORRECTION}")
    assert (changed["action"], changed["value"]) == ("Replace", "39.2")
    assert await query.items(f"{VALUES}?updatedAfter={LATER}") == []
    await query.owner.execute(
        "UPDATE rules.indicator_versions SET removed = true, value = NULL WHERE submission_id = $1", FIGURE_CORRECTION
    )
    (removed,) = await query.items(f"{VALUES}?updatedAfter={BEFORE_CORRECTION}")
    assert (removed["action"], removed["value"]) == ("Delete", None)
    assert await query.items(f"{VALUES}?updatedAfter=2020-01-01") == []  # it came and went: nothing to take away
    assert await query.items(VALUES) == []
    late = await query.get(f"{VALUES}?updatedAfter=2025-12-01&asOf=2025-11-01")
    assert late.json()["type"] == "urn:planwatch:problem:updated-after-as-of"
    assert (await query.get(f"{VALUES}?updatedAfter=2999-01-01")).status_code == 422


async def test_corrections_say_who_when_why_and_how_much(query: Query) -> None:
    figure, project = await query.items("/v1/corrections")
    assert (figure["submission_id"], project["submission_id"]) == (FIGURE_CORRECTION, PROJECT_CORRECTION)
    assert (project["source"], project["reason"], project["reference"]) == (
        "simulated-projects.example",
        "error",
        "市发展改革委更正函（模拟）",
    )
    assert (project["changed"], project["removed"], project["state"]) == (1, 0, "complete")
    for parameters in ("feed=projects", "period=2025-03", "source=simulated-projects.example"):
        assert await query.items(f"/v1/corrections?{parameters}") == [project], parameters
    assert await query.items("/v1/corrections?city=321300") == [figure, project]
    assert await query.items("/v1/corrections?city=320600") == []
    (then, _) = await query.items(f"/v1/corrections?as_of={BEFORE_CORRECTION}")
    assert (then["state"], then["changed"]) == ("incomplete", None)
    assert await query.items("/v1/corrections?as_of=2025-09-01") == []


async def test_every_version_of_a_project_stays_readable(query: Query) -> None:
    versions = await query.items(f"/v1/projects/{PROJECT}/versions")
    march: Any = [one for one in versions if one["period"] == str(CORRECTED_PERIOD)]
    assert [one["report"]["completed_ytd_yuan"] for one in march] == [391_000_000, 285_000_000]
    assert [(one["reason"], one["submission_id"] == PROJECT_CORRECTION) for one in march] == [
        ("error", True),
        (None, False),
    ]
    assert march[1]["valid_to"] == march[0]["valid_from"]


async def test_a_title_that_left_stays_readable_with_its_removal(query: Query) -> None:
    versions: Any = await query.items(f"/v1/enterprises/{FIRM}/recognitions/versions")
    removal = next(one for one in versions if one["removed"])
    assert removal["report"] is None
    assert len(versions) == 5
    ratings: Any = await query.items(f"/v1/enterprises/{FIRM}/ratings/versions")
    assert [one["report"]["class"] for one in ratings] == ["D", "C"]
