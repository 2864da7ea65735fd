import io
import json
from pathlib import Path

from deploy.local.combined_log import ServiceLog, render_line, render_urls


def test_a_json_line_is_made_readable() -> None:
    record = {"event": "rows_taken", "rows": 3, "city": "宿迁", "level": "info", "timestamp": "2026-01-02T03:04:05.6Z"}
    shown = render_line("ingest", json.dumps(record, ensure_ascii=False), width=6)
    assert shown == "ingest | 03:04:05 info rows_taken rows=3 city=宿迁"


def test_any_other_line_is_shown_as_it_is() -> None:
    assert render_line("query", "Traceback (most recent call last):") == "query    | Traceback (most recent call last):"


def test_json_that_is_no_record_is_shown_as_it_is() -> None:
    assert render_line("query", '{"a": 1}', width=5) == 'query | {"a": 1}'


def test_the_file_keeps_the_lines_as_they_were(tmp_path: Path) -> None:
    shown: list[str] = []
    log = ServiceLog("rules", tmp_path / "rules.log", show=shown.append, width=5)
    log.follow(io.BytesIO(b'{"event": "ready"}\nplain\n')).join()
    assert (tmp_path / "rules.log").read_bytes() == b'{"event": "ready"}\nplain\n'
    assert shown == ["rules | ready", "rules | plain"]
    assert log.last_line == "plain"


def test_addresses_are_aligned() -> None:
    assert render_urls({"ingest": "a", "query": "b"}) == "  ingest  a\n  query   b"
