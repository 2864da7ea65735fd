"""One Kafka started, stopped, killed and started again: about three starts in all."""

import os
import secrets
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.errors import LocalServerError
from deploy.local.kafka import LocalKafka, has_broker
from deploy.local.layout import KAFKA_LIBRARIES
from deploy.local.pidfile import ProcessMark, write_pid_file

TOPIC = f"kept-{secrets.token_hex(4)}"


def _kafka(directory: Path) -> LocalKafka:
    return LocalKafka(directory, libraries=KAFKA_LIBRARIES, environment=os.environ, heap_megabytes=256)


async def _produce(bootstrap_servers: str, value: bytes) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all") as producer:
        await producer.send_and_wait(TOPIC, value)


async def _consume(bootstrap_servers: str) -> bytes:
    async with AIOKafkaConsumer(TOPIC, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest") as consumer:
        return bytes((await consumer.getone()).value)


async def test_what_was_acknowledged_survives_a_kill_on_the_same_port(tmp_path: Path) -> None:
    kafka = _kafka(tmp_path / "kafka")
    (tmp_path / "kafka").mkdir()
    write_pid_file(tmp_path / "kafka" / "kafka.pid", ProcessMark(os.getpid(), born_at=1.0))  # stale: pid reused
    await kafka.start()
    address = kafka.bootstrap_servers
    try:
        await _produce(address, b"kept")
        with pytest.raises(LocalServerError, match="is in use: planwatch already runs here"):
            await _kafka(tmp_path / "kafka").start()
        kafka.kill()
        await kafka.start()
        assert kafka.bootstrap_servers == address
        assert await _consume(address) == b"kept"
    finally:
        await kafka.stop()
    assert not await has_broker(address)
    assert not (tmp_path / "kafka" / "kafka.pid").exists()
    assert "INFO" in (tmp_path / "kafka" / "kafka.log").read_text(encoding="utf-8")


async def test_an_orphan_of_a_dead_parent_is_ended_first(tmp_path: Path) -> None:
    directory = tmp_path / "kafka"
    directory.mkdir()
    with psutil.Popen(["sleep", "600"]) as orphan:
        write_pid_file(directory / "kafka.pid", ProcessMark(orphan.pid, orphan.create_time()))
        (directory / "data").mkdir()
        with pytest.raises(LocalServerError, match="is not a Kafka data directory"):
            await _kafka(directory).start()
        assert not psutil.pid_exists(orphan.pid)


async def test_a_broken_data_directory_is_one_sentence(tmp_path: Path) -> None:
    data = tmp_path / "kafka" / "data"
    data.mkdir(parents=True)
    (data / "meta.properties").write_text("version=99\n", encoding="utf-8")
    with pytest.raises(
        LocalServerError, match=r"^Kafka ended with exit code 1 while starting: .+\(log: .+kafka.log\)$"
    ):
        await _kafka(tmp_path / "kafka").start()


async def test_a_missing_java_is_one_sentence(tmp_path: Path) -> None:
    kafka = LocalKafka(tmp_path, libraries=KAFKA_LIBRARIES, environment={"PATH": str(tmp_path)})
    with pytest.raises(LocalServerError, match=r"^Kafka needs Java 17 or newer"):
        await kafka.start()


async def test_a_directory_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "kafka").write_text("", encoding="utf-8")
    with pytest.raises(LocalServerError, match="cannot be written"):
        await _kafka(tmp_path / "kafka").start()
