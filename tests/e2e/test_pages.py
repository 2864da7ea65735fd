"""The web pages in a real browser: every page, both languages, a phone's width, nothing from another host."""

import asyncio
import json
import os
import secrets
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from shared.plans.expand import expand_targets
from shared.plans.loader import load_plan
from tests.conftest import fresh_database, run_apart
from tests.fakes.query import write_city
from tests.fakes.query_alerts import ALERT, CLOSED_ALERT, D_ALERT, FORECAST_ALERT, SETTLED_ALERT, write_foreseen
from tests.fakes.query_base import PLAN, ROOT
from tests.fakes.query_entities import FIRM, PROJECT
from tests.fakes.query_shadows import SHADOW

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]

TARGET = f"/targets/{PLAN}/m1/starts-10yi@2025"
PAGES = (
    "/",
    f"/plans/{PLAN}",
    TARGET,
    "/alerts?state=all",
    f"/alerts/{ALERT}",
    f"/alerts/{CLOSED_ALERT}",
    f"/alerts/{D_ALERT}",
    f"/alerts/{FORECAST_ALERT}",
    f"/alerts/{SETTLED_ALERT}",
    "/signals",
    "/feeds",
    f"/enterprises/{FIRM}",
    f"/projects/{PROJECT}",
    "/corrections",
    "/shadows",
    f"/shadows/{SHADOW}",
    f"{TARGET}?as_of=2025-06-30",
    "/alerts?state=all&as_of=2025-06-30",
)
WIDTHS = {"desk": 1280, "phone": 390}
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(slots=True)
class AlertsService:
    """Stands in for alerts' action: keeps bodies and tokens, answers as told."""

    status: int = 200
    received: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.received.append((head.split()[1], headers["authorization"], body))
        content = json.dumps({"detail": "该预警已关闭，不能签收。"}).encode()
        writer.write(
            b"HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            % (self.status, len(content))
            + content
        )
        await writer.drain()
        writer.close()


@dataclass(slots=True)
class Site:
    """The running service, a browser, and what went wrong in its pages."""

    url: str
    browser: Browser
    alerts: AlertsService
    faults: list[str] = field(default_factory=list)

    async def open(self, width: int, *, language: str = "zh") -> Page:
        context = await self.browser.new_context(viewport={"width": width, "height": 844})
        await context.add_cookies([{"name": "planwatch_language", "value": language, "url": self.url}])
        page = await context.new_page()
        page.on("console", lambda message: self._fault(message.text, found=message.type in {"error", "warning"}))
        page.on("pageerror", lambda error: self._fault(str(error), found=True))
        page.on("requestfailed", lambda request: self._fault(f"failed: {request.url}", found=True))
        page.on(
            "response", lambda response: self._fault(f"{response.status}: {response.url}", found=response.status >= 400)
        )
        page.on("request", lambda request: self._fault(f"foreign: {request.url}", found=self._is_foreign(request.url)))
        return page

    def _fault(self, words: str, *, found: bool) -> None:
        if found:
            self.faults.append(words)

    def _is_foreign(self, url: str) -> bool:
        return not url.startswith((self.url, "data:"))


@pytest.fixture(scope="module")
def city_url(postgres_admin_url: str, migrated_template: str) -> Iterator[str]:
    """One city: no test here changes it."""
    with fresh_database(postgres_admin_url, f"test_{secrets.token_hex(6)}", template=migrated_template) as url:
        run_apart(_write(url))
        yield url


async def _write(url: str) -> None:
    owner = await asyncpg.connect(url)
    await write_city(owner)
    await write_foreseen(owner, {target.id: target for target in expand_targets(load_plan(ROOT / "plans" / PLAN))})
    await owner.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(city_url: str) -> AsyncIterator[Site]:
    """The service over the city, and a browser."""
    executable = shutil.which("chromium")
    assert executable is not None, "the pages are checked in Chromium: apt-get install chromium fonts-noto-cjk"
    alerts = AlertsService()
    server = await asyncio.start_server(alerts.answer, "127.0.0.1", 0)
    alerts_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, running_query(city_url, alerts_url) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        yield Site(url, browser, alerts)
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def site(running: Site) -> AsyncIterator[Site]:
    """A clean sheet: nothing received, no faults, no page open."""
    running.alerts.status = 200
    running.alerts.received.clear()
    yield Site(running.url, running.browser, running.alerts)
    for context in running.browser.contexts:
        await context.close()


@asynccontextmanager
async def running_query(database_url: str, alerts_url: str) -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.query",
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        env={
            "PATH": os.environ["PATH"],
            "PLANWATCH_DATABASE_URL": database_url,
            "PLANWATCH_HTTP_PORT": str(port),
            "PLANWATCH_QUERY_ALERTS_URL": alerts_url,
            "PLANWATCH_QUERY_ALERTS_TOKEN": "the-token",
        },
    )
    url = f"http://127.0.0.1:{port}"
    try:
        await _ready(url, process)
        yield url
    finally:
        if process.returncode is None:
            process.terminate()
        assert await process.wait() == 0


async def _ready(url: str, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(60), httpx2.AsyncClient(trust_env=False) as client:
        while process.returncode is None:
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx2.ConnectError:
                await asyncio.sleep(0.1)
    raise AssertionError("the service ended before it was ready")


async def _width_beyond(page: Page) -> int:
    beyond: int = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return beyond


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
async def test_every_page_loads_without_fault_foreign_host_or_overflow(site: Site, language: str, width: int) -> None:
    page = await site.open(width, language=language)
    for path in PAGES:
        await page.goto(site.url + path)
        await page.wait_for_selector("[data-chart]:not([data-drawn=true], .chart-failed)", state="detached")
        assert await _width_beyond(page) <= 0, path
        assert await page.locator("h1").count() == 1, path
        assert await page.locator("html").get_attribute("lang") == ("zh-CN" if language == "zh" else "en")
    assert site.faults == []


async def test_every_link_of_the_overview_and_lists_leads_somewhere(site: Site) -> None:
    page = await site.open(WIDTHS["desk"])
    links: set[str] = set()
    for path in PAGES:
        await page.goto(site.url + path)
        links |= set(await page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"))
    async with httpx2.AsyncClient(trust_env=False) as client:
        for link in sorted(one.partition("#")[0] for one in links):
            assert urlsplit(link).netloc == urlsplit(site.url).netloc
            if "MA1TEST0" not in link or FIRM in link:  # other firms are named only, nothing was reported of them
                assert (await client.get(link)).status_code == 200, link


async def test_the_chart_is_drawn_from_the_api(site: Site) -> None:
    page = await site.open(WIDTHS["desk"])
    await page.goto(site.url + TARGET)
    await page.wait_for_selector("[data-chart][data-drawn=true] canvas")
    assert site.faults == []


async def test_a_day_chosen_on_a_targets_page_shows_what_was_known_then_beside_what_is_known_now(site: Site) -> None:
    page = await site.open(WIDTHS["phone"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/verdicts?" in request.url else None)
    await page.goto(site.url + TARGET)
    await page.fill("input[name=as_of]", "2025-06-30")
    await page.click(".look-back button")
    await page.wait_for_selector("[data-chart][data-drawn=true] canvas")
    assert {url.partition("limit=500")[2] for url in asked} == {"", "&as_of=2025-06-30"}
    assert "截至2025-06-30 23:59（北京时间）所知" in await page.inner_text(".as-of")
    await page.click(".as-of a")
    await page.wait_for_url(site.url + TARGET)
    assert await page.locator(".as-of").count() == 0
    assert site.faults == []


async def test_a_filter_changes_the_list_and_the_address_without_loading_the_page_again(site: Site) -> None:
    page = await site.open(WIDTHS["desk"])
    await page.goto(f"{site.url}/alerts?state=all")
    await page.evaluate("window.sameDocument = true")
    await page.select_option("select[name=severity]", "red")
    await page.wait_for_url("**severity=red**")
    await expect(page.locator("#results tbody tr")).to_have_count(1)
    assert await page.evaluate("window.sameDocument") is True
    assert site.faults == []


async def test_a_failed_request_says_so_and_keeps_what_is_shown(site: Site) -> None:
    page = await site.open(WIDTHS["phone"])
    await page.goto(f"{site.url}/alerts?state=all")
    shown = await page.locator("#results tbody tr").count()
    await page.route("**/alerts?**", lambda route: route.abort())
    await page.select_option("select[name=severity]", "red")
    await page.wait_for_selector("#request-error:visible")
    assert await page.locator("#results tbody tr").count() == shown > 0


async def test_an_acknowledgement_reaches_alerts_with_the_token(site: Site) -> None:
    page = await site.open(WIDTHS["phone"])
    await page.goto(f"{site.url}/alerts/{ALERT}")
    await page.fill("input[name=actor]", "模拟签收人")
    await page.select_option("select[name=unit]", "市商务局")
    await page.fill("textarea[name=comment]", "已知悉，正在推进。")
    await page.click("#acknowledge button[type=submit]")
    await page.wait_for_selector(".result-done")
    ((_, _, received),) = site.alerts.received
    body = {"by": "模拟签收人", "unit": "市商务局", "comment": "已知悉，正在推进。", "seen": received["seen"]}
    assert isinstance(received["seen"], int)
    assert site.alerts.received == [(f"/v1/alerts/{ALERT}/acknowledge", "bearer the-token", body)]
    assert site.faults == []


async def test_a_refusal_is_shown_beside_the_form(site: Site) -> None:
    site.alerts.status = 409
    page = await site.open(WIDTHS["phone"])
    await page.goto(f"{site.url}/alerts/{ALERT}")
    await page.fill("input[name=actor]", "模拟签收人")
    await page.click("#acknowledge button[type=submit]")
    await page.wait_for_selector(".result-failed")
    assert "该预警已关闭，不能签收。" in await page.inner_text(".result-failed")
    assert await page.input_value("input[name=actor]") == "模拟签收人"


async def test_the_page_can_be_used_by_keyboard(site: Site) -> None:
    page = await site.open(WIDTHS["desk"])
    await page.goto(site.url)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"
