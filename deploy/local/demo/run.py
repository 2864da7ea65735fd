"""Runs the demo from start to summary."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.local.demo.channels import WEBHOOK_SECRET, write_channels
from deploy.local.demo.client import POLL_SECONDS, Client, create_key
from deploy.local.demo.expected import PLAN, expected_class_d, expected_verdicts
from deploy.local.demo.outcome import Check, Record, check_alerts, check_class_d, check_notices, check_verdicts
from deploy.local.demo.story import SEED, SOURCES, count_pushes, story
from deploy.local.demo.summary import (
    print_addresses,
    print_alerts,
    print_checks,
    print_notices,
    print_plans,
    print_targets,
)
from deploy.local.layout import PROJECT_ROOT, STATE_DIRECTORY
from deploy.local.receivers import Mailbox, WebhookInbox, receiving_mail, receiving_webhooks
from deploy.local.stack import LocalStack
from shared.plans.loader import load_directories
from shared.simulation.city import SimulatedCity

SETTLE_SECONDS = 120.0
PLANS = PROJECT_ROOT / "plans"


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs during the demo."""

    stack: LocalStack
    client: Client
    mailbox: Mailbox
    inbox: WebhookInbox
    folder: Path


async def run_demo(
    console: Console, *, environment: Mapping[str, str], once: bool, judged: Callable[[bool], None]
) -> None:
    """Run the demo and tell whether every expectation held. Without `once` it stays until cancelled."""
    city = SimulatedCity(SEED)
    async with set_stage(console.print, environment) as stage:
        await push_story(console, stage, city)
        checks = await settle(stage, city)
        await summarise(console, stage, checks)
        judged(all(check.holds for check in checks))
        if not once:
            console.print("\nCtrl-C 结束 ends the demo.")
            await asyncio.Event().wait()


@asynccontextmanager
async def set_stage(announce: Callable[[str], None], environment: Mapping[str, str]) -> AsyncIterator[Stage]:
    """Start receivers and the whole system on fresh data, and make a key for each source."""
    folder = STATE_DIRECTORY / "demo"
    mail = _emptied(folder) / "mail"
    mail.mkdir()
    async with receiving_mail(mail) as mailbox, receiving_webhooks(WEBHOOK_SECRET) as inbox:
        channels = folder / "channels.yaml"
        write_channels(channels, load_directories(PLANS), webhook_url=inbox.url)
        extra = {
            "PLANWATCH_ALERTS_CHANNELS_FILE": str(channels),
            "PLANWATCH_ALERTS_SMTP_HOST": "127.0.0.1",
            "PLANWATCH_ALERTS_SMTP_PORT": str(mailbox.port),
        }
        stack = LocalStack(data_dir=folder, extra_env=extra, environment=environment, announce=announce)
        async with stack, httpx2.AsyncClient(timeout=60, trust_env=False) as http:
            variables = {**environment, **stack.addresses.as_environment()}
            keys = {source.id: await asyncio.to_thread(create_key, source, variables) for source in SOURCES}
            yield Stage(stack, Client(http, stack.url("ingest"), stack.url("query"), keys), mailbox, inbox, folder)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


async def push_story(console: Console, stage: Stage, city: SimulatedCity) -> None:
    """Push submission after submission, each judged before the next, with a progress bar."""
    data = PROJECT_ROOT / "data"
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("推送 pushing", total=count_pushes(city, data, PLANS))
        for push in story(city, data, PLANS):
            progress.update(task, description=f"{push.period:<11} {push.feed:<11} {push.source.name}")
            receipt = await stage.client.push(push)
            await stage.client.wait_until_judged(receipt["id"])
            progress.advance(task)


async def settle(stage: Stage, city: SimulatedCity) -> list[Check]:
    """Look until every expectation holds, or for so long; return the last look."""
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLE_SECONDS
    while True:
        checks = await look(stage, city)
        if all(check.holds for check in checks) or loop.time() > until:
            return checks
        await asyncio.sleep(10 * POLL_SECONDS)


async def look(stage: Stage, city: SimulatedCity) -> list[Check]:
    """Compare what the query service shows, and what the receivers got, with the truth."""
    targets = {target["id"]: target for target in await stage.client.read_all(f"/v1/plans/{PLAN}/targets")}
    expected = expected_verdicts(city)
    verdicts = {one.target_id: await stage.client.read_all(f"/v1/targets/{one.target_id}/verdicts") for one in expected}
    details = await read_alerts(stage.client)
    return [
        *check_verdicts(expected, targets, verdicts),
        *check_alerts(expected, targets, details),
        check_class_d(expected_class_d(city), details),
        *check_notices(details, mails=len(stage.mailbox.mails), webhooks=len(stage.inbox.payloads)),
    ]


async def read_alerts(client: Client) -> Sequence[Record]:
    """Read every alert with its history and notices."""
    return [await client.read(f"/v1/alerts/{alert['id']}") for alert in await client.read_all("/v1/alerts")]


async def summarise(console: Console, stage: Stage, checks: Sequence[Check]) -> None:
    """Print everything a newcomer wants to see."""
    details = await read_alerts(stage.client)
    print_plans(console, await stage.client.read_all("/v1/plans"), details)
    print_targets(console, await stage.client.read_all(f"/v1/plans/{PLAN}/targets"))
    print_alerts(console, [one for one in details if one["plan_id"] == PLAN])
    print_notices(console, details, stage.folder / "mail")
    print_checks(console, checks)
    print_addresses(console, stage.stack.urls)
