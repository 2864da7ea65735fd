"""A year and a half of 宿迁 as the sample plan sees it: corrections, a late old report, an amended plan, a D rating taken back."""

import shutil
from pathlib import Path

from services.alerts.domain.notice import Channel, Endpoint
from services.ingest.domain.feeds import FeedName
from tests.contracts.ingest_submissions import figure, firm, project, rating
from tests.integration.deploy.replay.live_history import SAMPLE, LiveHistory

TEN, FIFTY = "sample-2025/m1/starts-10yi@2025", "sample-2025/m1/starts-50yi@2025"
CLASS_D = """    signals:
      - slug: class-d
        kind: class_d_final
        name: {zh: 综合评价为D类的企业, en: Firm finally rated D}
        alert: true
        quote: 净增规模以上工业企业每年300户以上
"""
STRICT = 'green, to: "0"', 'green, to: "10"'
AMENDMENT = """amendments:
  - effective_on: 2025-04-01
    reference: 示例政发〔2025〕9号
    note: {zh: 调整开工任务, en: project starts adjusted}
"""

SUSPENSIONS = """suspensions:
  - target: m1/starts-10yi
    since: 2025-04-01
    until: 2025-09-20
    reason: {zh: 防汛停工, en: work stopped for flood control}
    approved_by: 示例市人民政府
"""

CHANNELS = {
    "市商务局": (
        Endpoint(Channel.MAIL, "office@units.example"),
        Endpoint(Channel.WEBHOOK, "https://units.example/hook"),
    ),
    "市统计局": (Endpoint(Channel.MAIL, "stats@units.example"),),
}


def sample_plans(folder: Path) -> Path:
    """Copy the sample's plans, with a rule about firms rated D."""
    plans = Path(shutil.copytree(SAMPLE, folder / "plans"))
    measures = plans / "sample-2025" / "02-measures.yaml"
    words = measures.read_text(encoding="utf-8")
    measures.write_text(words.replace("\n  - id: safeguards", f"{CLASS_D}\n  - id: safeguards", 1), encoding="utf-8")
    return plans


def foresee(plans: Path, *, below: str, hold: int) -> Path:
    """Add a rule on forecasts to the lights."""
    lights = plans / "lights.yaml"
    rule = f'    alerting:\n      forecast: {{below: "{below}", hold: {hold}}}\n'
    lights.write_text(lights.read_text(encoding="utf-8") + rule, encoding="utf-8")
    return plans


def make_lenient(plans: Path, *, strict: Path) -> Path:
    """Let the plans take up to 10 points behind for green; return a folder of changed files by which any are yellow."""
    strict.mkdir()
    lights = plans / "lights.yaml"
    words = lights.read_text(encoding="utf-8")
    (strict / "lights.yaml").write_text(words, encoding="utf-8")
    assert STRICT[0] in words
    lights.write_text(words.replace(*STRICT).replace('over: "0"', 'over: "10"'), encoding="utf-8")
    return strict


def amend(plans: Path) -> None:
    """Amend the plan: from April 2025 on the name of a target is another."""
    head, measures = plans / "sample-2025" / "plan.yaml", plans / "sample-2025" / "02-measures.yaml"
    head.write_text(head.read_text(encoding="utf-8") + AMENDMENT, encoding="utf-8")
    words = measures.read_text(encoding="utf-8")
    old = "zh: 开工10亿元以上项目,"
    assert old in words
    measures.write_text(words.replace(old, "zh: 开工10亿元以上项目（调整）,"), encoding="utf-8")


def suspend(plans: Path) -> None:
    """Let the plan suspend a target, its first breaches told already or not, until a day that history passes."""
    (plans / "sample-2025" / "suspensions.yaml").write_text(SUSPENSIONS, encoding="utf-8")


def starts(count: int, *, day: str = "2025-02-20", total: str = "600000") -> list[dict[str, object]]:
    """Return projects started on a day."""
    return [project(number, planned_total=total, started_on=day, start_evidence="accepted") for number in range(count)]


async def live_through(history: LiveHistory, plans: Path) -> None:
    """Let the half year happen; alerts takes up what rules tells, sometimes late, and people act."""
    history.channels = CHANNELS
    await history.load(plans)
    await _first_reports(history)
    amend(plans)
    await history.load(plans)
    await _after_the_amendment(history)
    await history.days_pass(30)
    await _the_rest(history)


async def _first_reports(history: LiveHistory) -> None:
    """A report that was corrected before it arrived, an acknowledgement, firms rated D."""
    await history.push(FeedName.ENTERPRISES, "2024-12", [firm(1), firm(2)])
    await history.push(FeedName.PROJECTS, "2025-01/P2M", starts(3))
    await history.take_up()
    late = await history.accept(FeedName.PROJECTS, "2025-03", starts(4))
    await history.push(FeedName.PROJECTS, "2025-03", starts(9), reason="revision")
    await history.receive(late)
    await history.take_up()
    await history.acknowledge(await history.active(TEN), "示例甲")
    await history.push(FeedName.RATINGS, "2025-03", [rating(1, stage="final"), rating(2, stage="final")])
    await history.take_up()


async def _after_the_amendment(history: LiveHistory) -> None:
    """An explanation is accepted; rows are parked, and two of three are sent again; a D rating is taken back."""
    await history.push(FeedName.PROJECTS, "2025-04", starts(6), reference="示例〔2025〕4号")
    await history.take_up()
    await history.acknowledge(await history.active(TEN), "示例乙")
    await history.suspend(await history.active(TEN), days=20)
    parked = await history.accept(FeedName.PROJECTS, "2025-05", starts(30, day="2025-05-06"))
    await history.receive(parked, parked=(2, 3, 4))
    await history.push(FeedName.RATINGS, "2025-05", [rating(1, stage="final", **{"class": "C"})], reason="error")
    await history.send_again(parked, 2, 3)
    await history.take_up()


async def _the_rest(history: LiveHistory) -> None:
    """The first report is corrected after all; two months arrive at once, the later one first."""
    await history.push(FeedName.PROJECTS, "2025-01/P2M", starts(2, total="90000"), reason="error")
    await history.push(FeedName.INDICATORS, "2025-03", [figure()])
    others = [await history.accept(FeedName.PROJECTS, f"2025-0{month}", starts(40)) for month in (6, 7)]
    await history.receive(*reversed(others))
    await history.take_up()
