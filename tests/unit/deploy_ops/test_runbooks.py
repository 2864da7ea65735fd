"""Runbooks: one for each alert, the same headings, and commands that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.unit.deploy_ops.project import ROOT, alert_rules, read_yaml

FOLDER = ROOT / "docs" / "runbooks"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
OTHERS = [
    FOLDER / "README.md",
    ROOT / "docs" / "README.md",
    ROOT / "docs" / "operations.md",
    ROOT / "docs" / "topics.md",
]
EVERY_DOCUMENT = pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda page: page.stem)
COMMAND = re.compile(r"planwatch ((?:[a-z]+ ?)+)")


def commands_of(text: str) -> set[tuple[str, ...]]:
    """Return the `planwatch …` commands a page names, as words."""
    quoted = re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    found = (match for part in quoted for match in COMMAND.findall(re.sub(r"psql -U \S+ planwatch.*", "", part)))
    return {tuple(match.split()) for match in found}


def test_every_page_belongs_to_an_alert() -> None:
    assert {str(page.relative_to(ROOT)) for page in PAGES} == {r["annotations"]["runbook"] for r in alert_rules()}


def test_the_index_lists_every_page() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in alert_rules()] == re.findall(r"^\| \[(\w+)\]", index, re.MULTILINE)


@EACH_PAGE
def test_page_has_the_fixed_headings(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == ["Meaning", "Look", "Do"]


@EVERY_DOCUMENT
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@EVERY_DOCUMENT
def test_containers_named_in_commands_exist(page: Path) -> None:
    services = read_yaml(ROOT / "docker-compose.yml")["services"]
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"docker compose (?:exec|restart|run --rm) ([a-z<>]+)", text):
        assert name == "<service>" or name in services, name


@EVERY_DOCUMENT
def test_planwatch_commands_exist(page: Path) -> None:
    for words in commands_of(page.read_text(encoding="utf-8")):
        assert_command_exists(words)


def assert_command_exists(words: tuple[str, ...]) -> None:
    from services.__main__ import assemble

    command: Any = typer.main.get_command(assemble())
    for word in words:
        commands = getattr(command, "commands", None)
        if commands is None:
            return  # what follows are arguments
        assert word in commands, f"planwatch {' '.join(words)}"
        command = commands[word]


def test_commands_are_found_in_text() -> None:
    text = (
        'Run `docker compose exec rules planwatch parked list --json`.\n```sh\npsql -U a planwatch -c "SELECT 1"\n```\n'
    )
    assert commands_of(text) == {("parked", "list")}
