"""Writes the generated parts of the documents: `python -m docs.generate`; `--check` only tells what is stale."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from docs.contract_pages import render_schema, render_topics_page
from docs.markdown import replace_block
from docs.service_tables import render_metrics, render_settings, service_metrics, service_settings
from shared.adapters.settings import SERVICES
from shared.contracts.topics import TOPICS

PROJECT_ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = Path("shared/contracts")


def contract_documents() -> Iterator[tuple[Path, str]]:
    """Yield the path and the fresh text of every document made from the wire contract."""
    yield Path("docs/topics.md"), render_topics_page()
    for topic in TOPICS:
        yield CONTRACTS / "schemas" / f"{topic.name}.json", render_schema(topic)


def service_documents(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path and the fresh text of every service's page."""
    for service in SERVICES:
        path = Path("services", service, "README.md")
        text = (root / path).read_text(encoding="utf-8")
        text = replace_block(text, "settings", render_settings(service_settings(service)))
        yield path, replace_block(text, "metrics", render_metrics(service_metrics(service)))


def documents(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield everything generated."""
    yield from contract_documents()
    yield from service_documents(root)


def stale_documents(root: Path) -> list[tuple[Path, str]]:
    """Return the documents that differ from what they should be, with the text they should have."""
    return [(path, text) for path, text in documents(root) if _current(root / path) != text]


def main(arguments: list[str] | None = None) -> int:
    """Write what is stale, or with `--check` name it; the exit code is 1 when the check finds something."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit with 1 when something is stale")
    options = parser.parse_args(arguments)
    stale = stale_documents(PROJECT_ROOT)
    for path, text in stale:
        if not options.check:
            (PROJECT_ROOT / path).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}: {'stale, run `python -m docs.generate`' if options.check else 'written'}\n")
    return 1 if options.check and stale else 0


def _current(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
