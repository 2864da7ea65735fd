"""Any interleaving of pushes, releases and withdrawals against a model: everything in effect, replayed as it was accepted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from services.ingest.application.accept_submission import Accepted, Checked, accept_submission
from services.ingest.application.decide_hold import DecideHold, Deciding, decide_hold
from services.ingest.application.ports import PendingSubmission, PublishableRow
from services.ingest.application.publish_submissions import Publishing, RoundLimits, publish_round
from services.ingest.domain.hold_decision import Verb
from services.ingest.domain.restatement import HoldLimits
from services.ingest.domain.submission import Receipt, State
from tests.contracts.ingest_holds import RELEASED_AT, SECOND, HoldParts, cell
from tests.contracts.ingest_submissions import REFERENCE, T0, command, firm, intake, sender
from tests.fakes.ingest import RecordingPublishObserver

AREAS = {1: "321302", 2: "321302", 3: "321302", 4: "321311", 5: "321311"}
LIMITS = HoldLimits(rows_share=Decimal("0.4"), value_share=None, min_rows=2)
Rows = dict[int, str]


@dataclass(frozen=True, slots=True)
class Push:
    """Revenue by firm; a replacement covers `area`, None the whole city."""

    rows: Rows
    is_replacement: bool
    area: str | None = None

    def covers(self, serial: int) -> bool:
        return self.is_replacement and self.area in (None, AREAS[serial])


@dataclass(frozen=True, slots=True)
class Decide:
    """What becomes of the `which`-th of the held submissions."""

    verb: Verb
    which: int


Step = Push | Decide


def _push(rows: Rows, area: str | None, *, is_replacement: bool) -> Push:
    within = {serial: value for serial, value in rows.items() if area in (None, AREAS[serial])}
    return Push(within, is_replacement, area if is_replacement else None)


_ROWS = st.dictionaries(st.sampled_from(sorted(AREAS)), st.sampled_from("123"), max_size=5)
_PUSHES = st.builds(_push, _ROWS, st.sampled_from([None, "321302", "321311"]), is_replacement=st.booleans())
_DECISIONS = st.builds(Decide, st.sampled_from([Verb.RELEASED, Verb.RELEASED, Verb.WITHDRAWN]), st.integers(0, 5))
INTERLEAVINGS: st.SearchStrategy[list[Step]] = st.lists(st.one_of(_PUSHES, _DECISIONS), max_size=14)


@dataclass(slots=True)
class Model:
    """What was pushed, in order of acceptance, with the state it is in and its id."""

    pushed: list[tuple[Push, State, str]] = field(default_factory=list)

    def known(self) -> Rows:
        """Replay what is in effect."""
        known: Rows = {}
        for push, state, _ in self.pushed:
            if state is State.ACCEPTED:
                known = {serial: value for serial, value in known.items() if not push.covers(serial)} | push.rows
        return known

    def held(self) -> list[int]:
        return [place for place, (_, state, _) in enumerate(self.pushed) if state is State.HELD]

    def expect(self, push: Push) -> tuple[State, int, int, int, int]:
        """Return state, accepted, unchanged, restated and removed as the receipt must have them."""
        known = self.known()
        new = len(push.rows.keys() - known.keys())
        changed = sum(known.get(serial, value) != value for serial, value in push.rows.items())
        left = sum(push.covers(serial) and serial not in push.rows for serial in known)
        extent = changed + left
        is_large = extent >= LIMITS.min_rows and extent >= Decimal("0.4") * len(known)
        state = State.HELD if is_large else State.ACCEPTED
        return state, new + changed, len(push.rows) - new - changed, changed, left


class FoldingLog:
    """Keeps of every cell of one source what the event with the highest sequence says, as consumers do."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._newest: dict[str, tuple[int, str | None]] = {}

    async def publish(self, batches: Sequence[tuple[PendingSubmission, Sequence[PublishableRow], bool]]) -> None:
        for submission, rows, _ in batches:
            if submission.source == self._source:
                for row in rows:
                    told = (submission.sequence, row.content)
                    self._newest[row.cell] = max(self._newest.get(row.cell, (0, None)), told, key=lambda one: one[0])

    def cells(self) -> set[str]:
        return {of for of, (_, content) in self._newest.items() if content is not None}

    def content(self, of: str) -> str:
        return self._newest[of][1] or ""


class Interleaving:
    """Does the steps one after the other, and compares with the model after each."""

    def __init__(self, parts: HoldParts, *, source: str, new_id: Callable[[], str]) -> None:
        self._parts = parts
        self._sender = sender(source=source)
        self._needs = replace(intake(parts.store, LIMITS), new_id=new_id)
        self._model = Model()
        self._log = FoldingLog(source)

    async def run(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Push():
                    await self._push(step)
                case Decide():
                    await self._decide(step)
            await self._check()

    async def _push(self, push: Push) -> None:
        expected = self._model.expect(push)
        outcome = await accept_submission(self._command(push), self._needs)
        assert isinstance(outcome, Accepted), outcome
        receipt = outcome.receipt
        assert receipt.state is not None
        assert (receipt.state, *_counts(receipt)) == expected
        self._model.pushed.append((push, receipt.state, receipt.submission_id or ""))

    def _command(self, push: Push, **changes: Any) -> Any:
        envelope: dict[str, Any] = {"reason": "revision", "action": "replace" if push.is_replacement else "merge"}
        if push.area is not None:
            envelope["area"] = push.area
        return command(_rows(push.rows), sender=self._sender, **envelope, **changes)

    async def _decide(self, step: Decide) -> None:
        held = self._model.held()
        if not held:
            return
        place = held[step.which % len(held)]
        push, _, submission_id = self._model.pushed[place]
        asked = DecideHold(submission_id=submission_id, verb=step.verb, sender=SECOND, by="甲", comment="核对")
        deciding = Deciding(holds=self._parts.holds, areas=REFERENCE.areas, clock=lambda: RELEASED_AT)
        await decide_hold(asked, deciding)
        state = State.ACCEPTED if step.verb is Verb.RELEASED else State.WITHDRAWN
        self._model.pushed[place] = (push, state, submission_id)

    async def _check(self) -> None:
        """The model's figures, pushed as all there is, bring nothing new; and the log says the same."""
        known = self._model.known()
        outcome = await accept_submission(self._command(Push(known, is_replacement=True), is_dry_run=True), self._needs)
        assert isinstance(outcome, Checked), outcome
        assert _counts(outcome.receipt) == (0, len(known), 0, 0)
        await self._publish()
        assert self._log.cells() == {cell(serial) for serial in known}
        for serial, value in known.items():
            assert f'"revenue_ytd_yuan":{value}0000,' in self._log.content(cell(serial))

    async def _publish(self) -> None:
        publishing = Publishing(
            queue=self._parts.queue,
            log=self._log,
            observer=RecordingPublishObserver(),
            clock=lambda: T0,
            limits=RoundLimits(rows=3, submissions=2),
        )
        while await publish_round(publishing):
            pass


def _rows(rows: Rows) -> list[dict[str, Any]]:
    return [firm(serial, area=AREAS[serial], revenue_ytd=value) for serial, value in rows.items()]


def _counts(receipt: Receipt) -> tuple[int, int, int, int]:
    return receipt.accepted, receipt.unchanged, receipt.restated, receipt.removed
