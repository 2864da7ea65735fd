"""Kafka's configuration files for one node on the loopback address."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import LOOPBACK


@dataclass(frozen=True, slots=True)
class KafkaPorts:
    """Where the node listens: for clients, and as its own controller."""

    client: int
    controller: int


def render_properties(data: Path, ports: KafkaPorts) -> str:
    """Return server.properties of a node that is broker and controller in one."""
    settings: dict[str, str | int] = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{LOOPBACK}:{ports.controller}",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{ports.client},CONTROLLER://{LOOPBACK}:{ports.controller}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{ports.client}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": escape_value(str(data)),
        "auto.create.topics.enable": "false",
        # One node cannot hold three copies.
        "default.replication.factor": 1,
        "min.insync.replicas": 1,
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        # Few users: small internal topics are created and loaded faster.
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.num.partitions": 2,
        "share.coordinator.state.topic.num.partitions": 2,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # A node that was killed may come back at once.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        "controlled.shutdown.enable": "false",
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def render_log4j2(log: Path) -> str:
    """Return a log4j2 configuration that writes one plain file, rolled at 20 MB."""
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="ERROR" shutdownHook="disable">
  <Appenders>
    <RollingFile name="file" fileName="{escape_xml(str(log))}" filePattern="{escape_xml(str(log))}.%i">
      <PatternLayout charset="UTF-8" pattern="%d{{yyyy-MM-dd'T'HH:mm:ss.SSS}} %-5p %m (%c{{1.}})%n"/>
      <Policies><SizeBasedTriggeringPolicy size="20 MB"/></Policies>
      <DefaultRolloverStrategy max="3"/>
    </RollingFile>
  </Appenders>
  <Loggers>
    <Root level="INFO"><AppenderRef ref="file"/></Root>
    <Logger name="org.apache.kafka.common.config.AbstractConfig" level="WARN"/>
    <Logger name="org.apache.kafka.raft" level="WARN"/>
  </Loggers>
</Configuration>
"""


def escape_value(value: str) -> str:
    """Return the value as a Java properties file must write it."""
    return value.replace("\\", "\\\\")


def escape_xml(value: str) -> str:
    """Return the text as an attribute's value; `$` is doubled because log4j2 would look it up."""
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("$", "$$")):
        value = value.replace(plain, escaped)
    return value
