"""Ids are functions of their parts."""

from shared.kernel.ids import stable_id, text_hash


def test_the_same_parts_give_the_same_id() -> None:
    assert stable_id("v", "a", "b") == stable_id("v", "a", "b")


def test_parts_do_not_run_into_each_other() -> None:
    assert stable_id("v", "ab", "c") != stable_id("v", "a", "bc")


def test_the_hash_of_a_text_is_sha_256_of_its_utf_8() -> None:
    assert text_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
