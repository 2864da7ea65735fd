from pathlib import Path

import pytest

from shared.reference.authorities import Authorities
from shared.reference.errors import BadReferenceFileError

HEAD = "pattern,rank,name_zh,name_en,note\n"
BUREAU = "*市统计局,30,市统计局,city bureau,直接汇总\n"


def load(folder: Path, rows: str, head: str = HEAD) -> Authorities:
    file = folder / "authorities.csv"
    file.write_text(head + rows, encoding="utf-8")
    return Authorities.load(file)


def test_the_first_line_that_fits_a_name_ranks_it(tmp_path: Path) -> None:
    known = load(tmp_path, BUREAU + "*统计局,40,统计局,bureau,级别不明\n" + "*市*局,90,部门,department,主管部门\n")
    names = ("示例市统计局", "示例县统计局", "示例市商务局", "统计局", "示例市商务局办公室", "示例网")
    ranks = [line and line.rank for line in map(known.find, names)]
    assert ranks == [30, 40, 90, 40, None, None]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        pytest.param("", "ranks no authority", id="no line"),
        pytest.param(BUREAU + BUREAU, "stands in the file twice", id="a pattern twice"),
        pytest.param("**,1,任何,any,任何\n", ":2: the pattern", id="a pattern that fits every name"),
        pytest.param(",1,无,none,无\n", ":2: the pattern", id="no pattern"),
        pytest.param("市%局,1,局,bureau,理由\n", ":2: the pattern", id="a character of another pattern language"),
        pytest.param(BUREAU + "*局,零,局,bureau,理由\n", ":3: the rank", id="a rank in words"),
        pytest.param("*局,0,局,bureau,理由\n", ":2: the rank", id="a rank below the first"),
        pytest.param("*局,5,局,bureau,\n", "the reason of its rank", id="no reason"),
        pytest.param("*局,5,局,bureau\n", "does not have 5 columns", id="a short line"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(tmp_path: Path, rows: str, problem: str) -> None:
    with pytest.raises(BadReferenceFileError, match=problem):
        load(tmp_path, rows)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadReferenceFileError, match="the columns must be"):
        load(tmp_path, "", head="pattern,rank\n")
