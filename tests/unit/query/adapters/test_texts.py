import re
from pathlib import Path

import pytest

from services.query.adapters.pages import texts as texts_module
from services.query.adapters.pages.code_texts import CODE_TEXTS
from services.query.adapters.pages.texts import TEXTS, code_text, text
from services.rules.domain.forecast import Method
from services.rules.domain.status import Status
from shared.reference.recognition_kinds import RecognitionKinds

TEMPLATES = Path(texts_module.__file__).parent / "templates"
_PLACE = re.compile(r"{(\w+)}")


def used_keys() -> set[str]:
    source = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    return set(re.findall(r"""\bt\(["']([a-z_0-9.]+)["'][,)]""", source))


@pytest.mark.parametrize(("key", "texts"), [*TEXTS.items(), *CODE_TEXTS.items()])
def test_both_languages_say_something_with_the_same_values(key: str, texts: tuple[str, str]) -> None:
    chinese, english = texts
    assert chinese
    assert english
    assert set(_PLACE.findall(chinese)) == set(_PLACE.findall(english)), key


def test_every_sentence_a_template_uses_exists() -> None:
    assert used_keys() <= {*TEXTS, *CODE_TEXTS}


def test_every_level_of_every_title_has_a_word() -> None:
    titles = RecognitionKinds.load(Path("data/recognition_kinds.csv")).by_kind.values()
    assert {f"level.{level}" for title in titles for level in title.levels} <= set(CODE_TEXTS)


def test_every_status_and_every_method_of_a_forecast_has_a_word() -> None:
    codes = [*(f"status.{one}" for one in Status), *(f"forecast_method.{one}" for one in Method)]
    assert [code for code in codes if code not in CODE_TEXTS] == []


def test_a_code_of_a_newer_version_stands_for_itself() -> None:
    assert code_text("zh", "status", "made_good") == "made_good"
    assert code_text("zh", "status", None) == "—"


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("zh", "no.such.key")
