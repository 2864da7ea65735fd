from pathlib import Path

import pytest

from shared.plans.yaml_source import YamlSyntaxError, read_yaml


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_and_item_knows_its_line(tmp_path: Path) -> None:
    document = read_yaml(write(tmp_path, "# 注释\nclauses:\n  - id: a\n    quote: >\n      两行\n  - id: b\n"))
    assert document.content == {"clauses": ({"id": "a", "quote": "两行\n"}, {"id": "b"})}
    assert document.line_of(("clauses", 0, "quote")) == 4
    assert document.line_of(("clauses", 1)) == 6
    assert document.line_of(("clauses", 1, "missing", "deeper")) == 6
    assert document.line_of(()) == 1


def test_parts_the_file_does_not_have_are_passed_over(tmp_path: Path) -> None:
    """Pydantic puts the branch of a union into its locations."""
    document = read_yaml(write(tmp_path, "horizon:\n  kind: annual\n"))
    assert document.line_of(("horizon", "annual", "kind")) == 2


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", 3, "twice", id="a key twice"),
        pytest.param("a: 1\nb: [1\n", 3, "expected", id="unclosed list"),
        pytest.param("a:\n  1: x\n", 2, "must be text", id="a number as key"),
        pytest.param("", 1, "empty", id="empty"),
        pytest.param("a: !!python/object:os.system x\n", 1, "constructor", id="a foreign tag"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(YamlSyntaxError, match=problem) as caught:
        read_yaml(path)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes("a: 宿迁\n".encode("gb18030"))
    with pytest.raises(YamlSyntaxError, match="not UTF-8"):
        read_yaml(path)
