"""Markdown of the generated parts."""

import pytest

from docs.markdown import MissingBlockError, render_table, replace_block

PAGE = "before\n<!-- generated:settings -->\nold\n<!-- end -->\nafter\n"


def test_a_block_is_replaced_and_the_rest_stays() -> None:
    assert replace_block(PAGE, "settings", "new") == PAGE.replace("old", "new")


def test_an_empty_block_is_filled_and_filling_twice_changes_nothing() -> None:
    filled = replace_block(PAGE.replace("old\n", ""), "settings", r"a \1 | b")
    assert replace_block(filled, "settings", r"a \1 | b") == filled


@pytest.mark.parametrize("text", ["no block", PAGE + PAGE])
def test_a_missing_or_doubled_block_is_an_error(text: str) -> None:
    with pytest.raises(MissingBlockError, match="generated:settings"):
        replace_block(text, "settings", "new")


def test_cells_cannot_break_the_table() -> None:
    assert render_table(("a", "b"), [("x|y", "two\nlines")]) == "| a | b |\n| --- | --- |\n| x\\|y | two lines |"
