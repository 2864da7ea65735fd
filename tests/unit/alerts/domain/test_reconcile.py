"""What a finding does to the episodes of its key."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.alerts.domain.acknowledgement import acknowledge
from services.alerts.domain.alert import Alert, Change, Changed, Ground, State, Suspension, Unchanged, Why
from services.alerts.domain.finding import Finding, Severity
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.statement import Statement
from services.alerts.domain.suspension import suspend
from services.alerts.domain.transitions import Moment
from shared.contracts.findings import Reason, Run
from tests.contracts.alerts_findings import corrected, finding, finding_of_runs, firms, judgement, run

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
T1 = T0 + timedelta(days=30)
AT = Moment(T1, date(2024, 8, 30))
STATED = Statement(by="示例人员", unit=None, comment="")
WITHDRAWN = judgement(reasons=(Reason(code="target_withdrawn", zh="计划修订后已无此目标", en="no such target"),))


class Life:
    """The episodes of one key while findings come in."""

    def __init__(self) -> None:
        self.state = KeyState()
        self.alerts: dict[str, Alert] = {}

    def apply(self, found: Finding) -> list[str]:
        """Apply a finding and return what happened as `change episode state`."""
        decision = reconcile(found, self.state, at=AT)
        changes = decision.changes if isinstance(decision, Reconciled) else ()
        self.state = self.state.after(found, changes)
        self.alerts |= {one.alert.alert_id: one.alert for one in changes}
        return [f"{one.change} {one.alert.episode} {one.alert.state}" for one in changes]

    def tell(self, *runs: Run, **changes: object) -> list[str]:
        """Apply a finding with these runs, later than all before."""
        return self.apply(finding_of_runs(*runs, sequence=(self.state.sequence or 0) + 1, **changes))

    def episode(self, number: int) -> Alert:
        return next(alert for alert in self.alerts.values() if alert.episode == number)

    def put(self, alert: Alert) -> None:
        """Put an alert in the place of how it stood: somebody acted on it."""
        self.state = self.state.after(finding(sequence=0), [Changed(Change.UPDATED, alert, None)])
        self.alerts[alert.alert_id] = alert

    def acknowledge(self, number: int) -> None:
        decision = acknowledge(self.episode(number), STATED, earlier=(), now=T0)
        assert isinstance(decision, Changed)
        self.put(decision.alert)

    def suspend(self, number: int) -> None:
        rest = Suspension(by="甲", unit=None, approver="乙", reason="停产检修", until=date(2024, 12, 31))
        decision = suspend(self.episode(number), rest, now=T0, longest=timedelta(days=365))
        assert isinstance(decision, Changed)
        self.put(decision.alert)


def told(*histories: Sequence[Run]) -> Life:
    life = Life()
    for runs in histories:
        life.tell(*runs)
    return life


SPRING = run("2024-03", "2024-04", "2024-05")
RED_SPRING = run("2024-03", "2024-04", "2024-05", worst="red")
SUMMER = run("2024-06", "2024-07")


@pytest.mark.parametrize(
    ("before", "now", "happened"),
    [
        pytest.param([], [SUMMER], ["opened 1 open"], id="a breach nobody was told of"),
        pytest.param(
            [], [SPRING], ["opened 1 open", "closed 1 closed"], id="one that is over is opened and ended at once"
        ),
        pytest.param(
            [], [RED_SPRING], ["opened 1 open", "made_good 1 made_good"], id="a red one that is over was made good"
        ),
        pytest.param(
            [[SUMMER]],
            [SPRING, SUMMER],
            ["opened 2 open", "closed 2 closed", "updated 1 open"],
            id="an older one is found, and the later one follows it",
        ),
        pytest.param([[run("2024-04")]], [], ["retracted 1 retracted"], id="one that never was"),
        pytest.param([[SPRING]], [], ["retracted 1 retracted"], id="one that never was and had recovered"),
        pytest.param([[RED_SPRING]], [], ["retracted 1 retracted"], id="one that never was and was made good"),
        pytest.param(
            [[run("2024-03", "2024-04")]], [SPRING], ["closed 1 closed"], id="recovered and never red is closed"
        ),
        pytest.param(
            [[run("2024-03", "2024-04", worst="red")]],
            [RED_SPRING],
            ["made_good 1 made_good"],
            id="recovered and once red keeps the memory",
        ),
        pytest.param([[SPRING]], [run("2024-03", "2024-06")], ["reopened 1 open"], id="it never recovered"),
        pytest.param([[RED_SPRING]], [run("2024-03", "2024-06")], ["reopened 1 open"], id="it was never made good"),
        pytest.param(
            [[run("2024-06")]],
            [run("2024-06", "2024-07", severity="red")],
            ["worsened 1 open"],
            id="yellow to red worsens",
        ),
        pytest.param(
            [[run("2024-06", severity="red")]],
            [run("2024-06", "2024-07", worst="red")],
            ["eased 1 open"],
            id="red to yellow eases",
        ),
        pytest.param([[run("2024-06")]], [SUMMER], ["updated 1 open"], id="same light in a later period"),
        pytest.param([[SUMMER]], [run("2024-06", "2024-07", actual=21)], ["updated 1 open"], id="other numbers"),
        pytest.param([[SUMMER]], [SUMMER], [], id="nothing new"),
        pytest.param([[SPRING]], [SPRING], [], id="nothing new of what is over"),
        pytest.param(
            [[SPRING]], [run("2024-04", "2024-04", "2024-05")], ["updated 1 closed"], id="it began later than told"
        ),
        pytest.param([[RED_SPRING]], [SPRING], ["updated 1 closed"], id="it was never red"),
        pytest.param([[SPRING]], [RED_SPRING], ["updated 1 made_good"], id="it was red"),
        pytest.param(
            [[SPRING, SUMMER]],
            [run("2024-03", "2024-07")],
            ["retracted 1 retracted", "updated 2 open"],
            id="two turn out to be one: the active one goes on",
        ),
        pytest.param(
            [[run("2024-03", "2024-08")]],
            [SPRING, run("2024-06", "2024-08")],
            ["updated 1 open", "opened 2 open", "closed 2 closed"],
            id="one turns out to be two: the active one goes on",
        ),
        pytest.param(
            [[run("2024-03", "2024-08", "2024-09")]],
            [SPRING, run("2024-07", "2024-08", "2024-09")],
            ["updated 1 closed", "opened 2 open", "closed 2 closed"],
            id="one that is over turns out to be two: the earlier takes it",
        ),
        pytest.param(
            [[run("2024-03")]],
            [run("2024-Q1", "2024-Q2")],
            ["updated 1 open"],
            id="periods are compared by their ends",
        ),
    ],
)
def test_episodes_are_reconciled_with_the_breaches_known_now(
    before: list[list[Run]], now: list[Run], happened: list[str]
) -> None:
    life = told(*before)

    assert life.tell(*now) == happened
    assert life.tell(*now) == []


def test_an_older_and_an_equal_sequence_change_nothing() -> None:
    state = told([SUMMER]).state

    for sequence in (0, 1):
        decision = reconcile(finding_of_runs(sequence=sequence), state, at=AT)
        assert decision == Unchanged(Why.STALE)


def test_a_retraction_names_its_ground_and_keeps_what_was_told() -> None:
    life = told([SUMMER])
    life.tell(corrected=(corrected("2024-06", "2024-07"),))
    alert = life.episode(1)

    assert (alert.ground, alert.closed_at, alert.severity) == (Ground.DATA_CORRECTED, T1, Severity.YELLOW)
    assert (alert.run.since, alert.run.until, alert.period) == ("2024-06", "2024-07", "2024-07")


def test_a_breach_after_a_retraction_is_a_new_episode_that_links_past_it() -> None:
    life = told([SPRING], [SPRING, SUMMER], [SPRING], [SPRING, run("2024-08")])

    first, second, third = (life.episode(number) for number in (1, 2, 3))
    assert (first.state, second.state, third.state) == (State.CLOSED, State.RETRACTED, State.OPEN)
    assert (first.previous, second.previous, third.previous) == (None, first.alert_id, first.alert_id)


def test_an_episode_whose_forerunner_is_retracted_links_to_the_one_before() -> None:
    winter = run("2023-11", "2023-12", "2024-01/P2M")
    life = told([winter, SPRING, SUMMER])

    assert life.tell(winter, SUMMER) == ["retracted 2 retracted", "updated 3 open"]
    assert life.episode(3).previous == life.episode(1).alert_id


def test_opened_counts_its_earlier_episodes_without_retracted_ones() -> None:
    life = told([SPRING], [])
    decision = reconcile(finding_of_runs(SUMMER, sequence=9), life.state, at=AT)

    assert isinstance(decision, Reconciled)
    assert (decision.changes[0].earlier, decision.changes[0].alert.episode) == (0, 2)


def test_merged_episodes_say_into_which() -> None:
    life = told([SPRING, SUMMER])
    decision = reconcile(finding_of_runs(run("2024-03", "2024-07"), sequence=9), life.state, at=AT)

    assert isinstance(decision, Reconciled)
    into = decision.changes[0].merged_into
    assert into is not None
    assert into.alert_id == life.episode(2).alert_id


def test_retroactive_alert_keeps_when_it_breached_and_counts_its_deadline_from_discovery() -> None:
    life = told([run("2023-11", retroactive=True)])
    alert = life.episode(1)

    assert (alert.retroactive, alert.breached_on, alert.due_on) == (True, date(2023, 11, 30), AT.due_on)
    assert (alert.opened_at, alert.opened_period) == (T1, "2023-11")


def test_withdrawn_target_closes_what_is_active_and_leaves_what_has_ended() -> None:
    life = told([SPRING], [SPRING, SUMMER])

    assert life.tell(judgement=WITHDRAWN) == ["closed 2 closed"]
    assert (life.episode(2).ground, life.episode(1).state) == (Ground.TARGET_WITHDRAWN, State.CLOSED)
    assert life.tell(SPRING, run("2024-06", "2024-08")) == ["reopened 2 open"]


def test_withdrawn_target_closes_also_what_its_figures_would_keep_open() -> None:
    life = told([SUMMER])

    assert life.tell(SUMMER, state="clear", severity=None, judgement=WITHDRAWN) == ["closed 1 closed"]


def test_acknowledged_alert_that_eases_stays_so_and_one_that_worsens_is_open_again() -> None:
    life = told([run("2024-06", severity="red")])
    life.acknowledge(1)

    assert life.tell(run("2024-06", "2024-07", worst="red")) == ["eased 1 acknowledged"]
    assert life.tell(run("2024-06", "2024-08", severity="red")) == ["worsened 1 open"]
    assert life.episode(1).acknowledged_by is None


def test_reopened_alert_must_be_acknowledged_anew() -> None:
    life = told([run("2024-03", "2024-04")])
    life.acknowledge(1)
    life.tell(SPRING)
    life.tell(run("2024-03", "2024-06"))
    alert = life.episode(1)

    assert (alert.state, alert.acknowledged_at, alert.closed_at, alert.ground) == (State.OPEN, None, None, None)


@pytest.mark.parametrize(
    ("now", "happened"),
    [
        pytest.param([run("2024-06", "2024-07", severity="red")], ["worsened 1 suspended"], id="worsens"),
        pytest.param([run("2024-06", "2024-07", "2024-08")], ["closed 1 closed"], id="recovers"),
        pytest.param([], ["retracted 1 retracted"], id="never was"),
    ],
)
def test_suspended_alert_rests_until_it_ends(now: list[Run], happened: list[str]) -> None:
    life = told([run("2024-06")])
    life.suspend(1)

    assert life.tell(*now) == happened
    assert (life.episode(1).suspension is None) == (life.episode(1).state is not State.SUSPENDED)


def test_silence_marks_an_alert_once_and_figures_refresh_it() -> None:
    life = told([SUMMER])

    assert life.tell(SUMMER, stale_since="2024-08") == ["stale 1 open"]
    assert life.episode(1).stale_since == "2024-08"
    assert life.tell(SUMMER, stale_since="2024-08") == []
    assert life.tell(run("2024-06", "2024-08")) == ["refreshed 1 open"]
    assert (life.episode(1).stale_since, life.episode(1).run.until) == (None, "2024-08")


def test_figures_that_are_worse_are_told_beside_being_there_again() -> None:
    life = told([SUMMER])
    life.tell(SUMMER, stale_since="2024-08")

    assert life.tell(run("2024-06", "2024-08", severity="red")) == ["worsened 1 open", "refreshed 1 open"]


def test_stale_alert_that_recovers_waits_for_nothing_any_more() -> None:
    life = told([SUMMER])
    life.tell(SUMMER, stale_since="2024-08")
    life.tell(run("2024-06", "2024-07", "2024-09"))

    assert (life.episode(1).state, life.episode(1).stale_since) == (State.CLOSED, None)


def test_a_late_report_that_ended_it_sooner_is_kept_with_the_ended_alert() -> None:
    life = Life()
    life.tell(run("2024-05", "2024-06", "2024-08"))
    assert life.tell(run("2024-05", "2024-06", "2024-07")) == ["updated 1 closed"]
    assert (life.episode(1).run.ended_by, life.episode(1).period) == ("2024-07", "2024-07")
    assert life.tell(run("2024-05", "2024-06", "2024-07")) == []


def test_amended_words_of_the_target_update_an_active_alert() -> None:
    life = told([SUMMER])

    assert life.tell(SUMMER, value="80个") == ["updated 1 open"]


def test_closed_alert_of_before_red_was_remembered_is_said_to_be_made_good() -> None:
    life = told([RED_SPRING])
    life.put(replace(life.episode(1), state=State.CLOSED))

    assert life.tell(RED_SPRING) == ["updated 1 made_good"]


def test_alert_becomes_simulated_with_its_first_simulated_figure() -> None:
    life = told([SUMMER])

    assert life.tell(SUMMER, simulated=True) == ["updated 1 open"]
    assert life.tell(SUMMER) == []
    assert life.episode(1).simulated


class TestFindingsOfBeforeThereWereRuns:
    """They speak of the breach that goes on alone."""

    def test_a_life_without_runs(self) -> None:
        life = Life()

        assert life.apply(finding()) == ["opened 1 open"]
        assert life.apply(finding(sequence=2, period="2024-07")) == ["updated 1 open"]
        assert life.apply(finding(sequence=3, period="2024-07")) == []
        assert life.apply(finding(sequence=4, state="clear", period="2024-08")) == ["closed 1 closed"]
        assert life.apply(finding(sequence=5, period="2024-09", since="2024-09")) == ["opened 2 open"]
        run_told = life.episode(1).run
        assert (run_told.since, run_told.until, run_told.ended_by) == ("2024-04", "2024-07", "2024-08")
        assert life.episode(2).previous == life.episode(1).alert_id

    def test_red_is_remembered(self) -> None:
        life = Life()
        life.apply(finding(severity="red"))
        life.apply(finding(sequence=2, period="2024-07"))

        assert life.apply(finding(sequence=3, state="clear", period="2024-08")) == ["made_good 1 made_good"]

    def test_withdrawn_is_closed(self) -> None:
        life = Life()
        life.apply(finding())

        assert life.apply(finding(sequence=2, state="clear", judgement=WITHDRAWN)) == ["closed 1 closed"]
        assert life.episode(1).ground is Ground.TARGET_WITHDRAWN

    def test_clear_without_an_alert_changes_nothing(self) -> None:
        assert reconcile(finding(state="clear"), KeyState(), at=AT) == Unchanged(Why.NOT_OPEN)

    def test_a_finding_with_runs_finds_what_was_told_without(self) -> None:
        life = Life()
        life.apply(finding())

        assert life.tell(run("2024-04", "2024-06")) == []
        assert life.tell() == ["retracted 1 retracted"]


def rounds(since: str, until: str | None = None, ended_by: str | None = None) -> Run:
    return run(since, until, ended_by, judgement=None)


def rated(sequence: int, *names: str, runs: tuple[Run, ...] | None = None, **changes: object) -> Finding:
    """With firms and nothing said of runs there was a D in the round of 2023 alone."""
    told = runs if runs is not None else (rounds("2023"),) if names else ()
    values = {"kind": "rating_d", "judgement": None, "subjects": firms(*names)}
    return finding_of_runs(*told, sequence=sequence, **{**values, **changes})


@pytest.mark.parametrize(
    ("names", "happened"),
    [
        pytest.param(("甲", "乙", "丙"), ["worsened 1 open"], id="one more firm"),
        pytest.param(("甲", "丙"), ["worsened 1 open"], id="another firm in place of one that left"),
        pytest.param(("甲",), ["eased 1 open"], id="one firm less"),
        pytest.param(("乙", "甲"), [], id="the same firms"),
    ],
)
def test_firms_decide_what_a_new_list_of_d_ratings_is(names: tuple[str, ...], happened: list[str]) -> None:
    life = Life()
    life.apply(rated(1, "甲", "乙", value="2户"))

    assert life.apply(rated(2, *names, value="2户")) == happened


def test_d_ratings_go_on_from_round_to_round_and_end_with_their_last_firm() -> None:
    life, over = Life(), rounds("2023", "2024", "2025")
    life.apply(rated(1, "甲"))

    assert life.apply(rated(2, "乙", runs=(rounds("2023", "2024"),))) == ["worsened 1 open"]
    assert life.apply(rated(3, runs=(over,))) == ["closed 1 closed"]
    assert life.apply(rated(4, "乙", runs=(over, rounds("2026")))) == ["opened 2 open"]
    assert life.episode(1).state is State.CLOSED


def test_d_ratings_that_were_corrected_away_are_retracted() -> None:
    life = Life()
    life.apply(rated(1, "甲"))

    assert life.apply(rated(2, corrected=(corrected("2023"),))) == ["retracted 1 retracted"]


def test_d_ratings_corrected_away_in_a_finding_that_never_came_are_retracted_by_the_next_one() -> None:
    """A finding holds every run of rounds: who missed one loses nothing."""
    life = Life()
    life.apply(rated(1, runs=(rounds("2023", ended_by="2024"),)))

    assert life.apply(rated(3, "甲", runs=(rounds("2025"),))) == ["retracted 1 retracted", "opened 2 open"]
