"""Bodies of submissions: JSON with its envelope and CSV, read back to the same rows."""

import csv
import io
from itertools import islice

import orjson
import pytest

from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity
from shared.simulation.firm_rows import ENTERPRISE_COLUMNS, Row
from shared.simulation.writers import write_csv, write_json

MARCH = Period.parse("2024-03")
ENVELOPE = {"period": "2024-03", "action": "merge"}


@pytest.mark.parametrize("count", [0, 1, 1000, 1001, 2500], ids=lambda count: f"{count} rows")
def test_json_body_holds_envelope_and_rows(city: SimulatedCity, count: int) -> None:
    rows = list(islice(city.enterprises(MARCH), count))
    stream = io.BytesIO()
    assert write_json(stream, ENVELOPE, iter(rows)) == count
    assert orjson.loads(stream.getvalue()) == {**ENVELOPE, "rows": rows}


def test_json_body_without_envelope_holds_the_rows_alone() -> None:
    stream = io.BytesIO()
    row: Row = {"code": "x"}
    write_json(stream, {}, iter([row]))
    assert orjson.loads(stream.getvalue()) == {"rows": [{"code": "x"}]}


def test_csv_has_the_feed_columns_and_empty_cells_for_missing_values(city: SimulatedCity) -> None:
    rows = list(city.enterprises(MARCH))
    stream = io.StringIO(newline="")
    assert write_csv(stream, ENTERPRISE_COLUMNS, iter(rows)) == len(rows)
    stream.seek(0)
    read = list(csv.DictReader(stream))
    assert tuple(read[0]) == ENTERPRISE_COLUMNS
    assert [line["uscc"] for line in read] == [row["uscc"] for row in rows]
    assert {line["above_scale"] for line in read} == {"true", "false"}
    assert any(line["exited_on"] == "" for line in read)


def test_csv_can_be_written_in_gb18030(city: SimulatedCity) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="gb18030", newline="")
    write_csv(stream, ENTERPRISE_COLUMNS, islice(city.enterprises(MARCH), 10))
    stream.flush()
    assert "模拟企业" in raw.getvalue().decode("gb18030")
