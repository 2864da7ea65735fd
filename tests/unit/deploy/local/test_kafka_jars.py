import hashlib
import re
from pathlib import Path

from deploy.local.kafka_jars import HASHES, find_bad_jars, read_hashes


def test_every_jar_is_locked_by_name_and_hash() -> None:
    hashes = read_hashes(HASHES.read_text(encoding="utf-8"))
    assert "kafka_2.13-4.3.1.jar" in hashes
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in hashes.values())


def test_a_missing_and_a_changed_jar_are_found(tmp_path: Path) -> None:
    (tmp_path / "good.jar").write_bytes(b"good")
    (tmp_path / "changed.jar").write_bytes(b"changed")
    digest = hashlib.sha256(b"good").hexdigest()
    hashes = {"good.jar": digest, "changed.jar": digest, "missing.jar": digest}
    assert find_bad_jars(tmp_path, hashes) == ("changed.jar", "missing.jar")
