"""A folder of plans to be tried is a whole tree, or changed files laid over the plans in use."""

import shutil
from pathlib import Path

import pytest

from deploy.replay.trial_plans import fingerprint_of, is_whole_tree, read_trial_plans
from shared.plans.findings import PlanFileError

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / "data"
SAMPLE = ROOT / "tests" / "unit" / "shared" / "plans" / "sample"
OLD, NEW = "zh: 开工10亿元以上项目,", "zh: 开工十亿元以上项目,"


def changed(folder: Path, old: str = OLD, new: str = NEW) -> Path:
    """Make a folder with one changed file."""
    place = folder / "sample-2025" / "02-measures.yaml"
    place.parent.mkdir(parents=True)
    words = (SAMPLE / "sample-2025" / "02-measures.yaml").read_text(encoding="utf-8")
    assert old in words
    place.write_text(words.replace(old, new), encoding="utf-8")
    return folder


def test_changed_files_lie_over_those_in_use_which_stay_as_they_are(tmp_path: Path) -> None:
    used = Path(shutil.copytree(SAMPLE, tmp_path / "plans"))
    plans = read_trial_plans(changed(tmp_path / "rules"), used, DATA)
    assert [plan.plan_id for plan in plans] == ["sample-2021", "sample-2025"]
    assert "开工十亿元以上项目" in plans[1].document
    assert OLD in (used / "sample-2025" / "02-measures.yaml").read_text(encoding="utf-8")


def test_a_whole_tree_stands_alone(tmp_path: Path) -> None:
    whole = Path(shutil.copytree(SAMPLE, tmp_path / "rules"))
    assert is_whole_tree(whole)
    assert len(read_trial_plans(whole, tmp_path / "nowhere", DATA)) == 2
    assert not is_whole_tree(changed(tmp_path / "changed"))


def test_what_lint_refuses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError):
        read_trial_plans(changed(tmp_path / "rules", "direction: up", "direction: sideways"), SAMPLE, DATA)


def test_a_fingerprint_tells_plans_apart_by_any_word_and_any_threshold(tmp_path: Path) -> None:
    used = Path(shutil.copytree(SAMPLE, tmp_path / "plans"))
    before = fingerprint_of(read_trial_plans(used, used, DATA))
    assert before == fingerprint_of(reversed(read_trial_plans(used, used, DATA)))
    assert fingerprint_of(read_trial_plans(changed(tmp_path / "rules"), used, DATA)) != before
    lights = used / "lights.yaml"
    lights.write_text(lights.read_text(encoding="utf-8").replace('"30"', '"20"'), encoding="utf-8")
    assert fingerprint_of(read_trial_plans(used, used, DATA)) != before
