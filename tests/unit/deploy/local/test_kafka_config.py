from pathlib import Path
from xml.etree import ElementTree

from deploy.local.kafka_config import KafkaPorts, render_log4j2, render_properties


def _settings() -> dict[str, str]:
    text = render_properties(Path("/somewhere/data"), KafkaPorts(client=1001, controller=1002))
    return dict(line.split("=", 1) for line in text.splitlines())


def test_the_node_listens_on_the_loopback_address_alone() -> None:
    assert _settings()["listeners"] == "PLAINTEXT://127.0.0.1:1001,CONTROLLER://127.0.0.1:1002"


def test_topics_are_never_made_by_accident() -> None:
    assert _settings()["auto.create.topics.enable"] == "false"


def test_one_node_asks_for_one_copy_of_everything() -> None:
    replication = {key: value for key, value in _settings().items() if key.endswith("replication.factor")}
    assert set(replication.values()) == {"1"}
    assert len(replication) == 4


def test_groups_do_not_wait_for_more_members() -> None:
    assert _settings()["group.initial.rebalance.delay.ms"] == "0"


def test_a_path_with_odd_characters_is_still_valid_xml() -> None:
    root = ElementTree.fromstring(render_log4j2(Path('/a & b/"c"/$d/kafka.log')))  # noqa: S314  # our own text
    appender = root.find("./Appenders/RollingFile")
    assert appender is not None
    assert appender.get("fileName") == '/a & b/"c"/$$d/kafka.log'
