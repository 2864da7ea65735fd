"""docker-compose.yml: valid for Compose, without secrets, and each service gets settings it really accepts."""

import os
import re
import secrets
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.service_tables import service_settings
from services.alerts.adapters.channels import load_channels
from shared.adapters.settings import SERVICES
from tests.unit.deploy_ops.dockerfile import image_environment
from tests.unit.deploy_ops.project import DEPLOY, ROOT, read_yaml, tool

FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.example"
VARIABLE = re.compile(r"\$\{(PLANWATCH_\w+)(:[-?][^}]*)?\}")
EACH_SERVICE = pytest.mark.parametrize("service", SERVICES)


def compose(*arguments: str, env_file: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PLANWATCH_", "COMPOSE_"))}
    command = [tool("docker-compose"), "--file", str(FILE), "--env-file", str(env_file), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def example_variables() -> dict[str, str]:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Compose makes of the file with the example's variables, its empty ones filled in."""
    env_file = tmp_path_factory.mktemp("compose") / "filled.env"
    filled = {name: value or secrets.token_hex(24) for name, value in example_variables().items()}
    env_file.write_text("".join(f"{name}={value}\n" for name, value in filled.items()), encoding="utf-8")
    done = compose("config", env_file=env_file)
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = yaml.safe_load(done.stdout)
    return loaded


def test_compose_takes_the_file(composed: dict[str, Any]) -> None:
    assert {*SERVICES, "kafka", "postgres", "migrate", "prometheus", "alertmanager", "grafana", "mail"} <= set(
        composed["services"]
    )


def test_without_secrets_it_refuses_and_says_where_to_set_them(tmp_path: Path) -> None:
    empty = tmp_path / "empty.env"
    empty.touch()
    done = compose("config", env_file=empty)
    assert done.returncode != 0
    assert "set it in .env" in done.stderr


def test_example_lists_exactly_the_variables_of_the_file() -> None:
    assert {name for name, _ in VARIABLE.findall(FILE.read_text(encoding="utf-8"))} == set(example_variables())


def test_example_gives_the_defaults_of_the_file() -> None:
    for name, rule in VARIABLE.findall(FILE.read_text(encoding="utf-8")):
        if rule.startswith(":-"):
            assert example_variables()[name] == rule[2:], name


def test_no_secret_has_a_value_in_any_file() -> None:
    for name, rule in VARIABLE.findall(FILE.read_text(encoding="utf-8")):
        if re.search("PASSWORD|TOKEN", name):
            assert rule.startswith(":?"), name
            assert example_variables()[name] == "", name
    for service in read_yaml(FILE)["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN|SECRET|DATABASE_URL", name):
                assert "${PLANWATCH_" in value, name


@EACH_SERVICE
def test_service_starts_from_the_one_image_after_the_migration(composed: dict[str, Any], service: str) -> None:
    definition = composed["services"][service]
    assert definition["command"] == ["python", "-m", f"services.{service}"]
    assert definition["image"] == composed["services"]["migrate"]["image"]
    assert definition["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert definition["cap_drop"] == ["ALL"]


@EACH_SERVICE
def test_service_accepts_the_settings_it_gets(composed: dict[str, Any], service: str) -> None:
    environment = image_environment() | composed["services"][service]["environment"]
    settings = service_settings(service).load(environment, service=service)
    assert settings.http_host == "0.0.0.0"  # noqa: S104  (inside its container)
    assert settings.http_port == 8080


@EACH_SERVICE
def test_service_logs_in_as_its_own_user(composed: dict[str, Any], service: str) -> None:
    url = composed["services"][service]["environment"]["PLANWATCH_DATABASE_URL"]
    assert url.startswith(f"postgresql://planwatch_{service}_login:")


def test_what_is_waited_for_to_be_healthy_has_a_health_check(composed: dict[str, Any]) -> None:
    for definition in composed["services"].values():
        for name, rule in definition.get("depends_on", {}).items():
            if rule["condition"] == "service_healthy":
                assert "test" in composed["services"][name]["healthcheck"], name


def test_mounted_files_exist(composed: dict[str, Any]) -> None:
    for name, definition in composed["services"].items():
        for volume in definition.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in composed["volumes"] or Path(source).exists(), f"{name}: {source}"


def test_nothing_is_published_beyond_this_machine_by_default(composed: dict[str, Any]) -> None:
    ports = [port for definition in composed["services"].values() for port in definition.get("ports", ())]
    assert ports
    assert all(str(port).startswith("127.0.0.1:") for port in ports)


def test_images_are_pinned() -> None:
    for name, definition in read_yaml(FILE)["services"].items():
        tag = definition["image"].rpartition(":")[2]
        assert tag != "latest", name
        assert ":" in definition["image"], name


def test_kafka_is_the_version_the_tests_use(composed: dict[str, Any]) -> None:
    version = re.search(
        r"<artifactId>kafka_[\d.]+</artifactId>\s*<version>([\d.]+)</version>",
        (DEPLOY / "local" / "pom.xml").read_text(),
    )
    assert version is not None
    assert composed["services"]["kafka"]["image"] == f"apache/kafka:{version[1]}"


def test_prometheus_watches_containers_that_exist(composed: dict[str, Any]) -> None:
    for job in read_yaml(DEPLOY / "prometheus" / "prometheus.yml")["scrape_configs"]:
        for target in (target for group in job["static_configs"] for target in group["targets"]):
            host = target.removeprefix("http://").partition(":")[0]
            assert host in {*composed["services"], "localhost"}, target


def test_example_channels_are_valid_and_name_units_of_the_directory() -> None:
    channels = load_channels(DEPLOY / "compose" / "channels.yaml", ROOT / "plans")
    assert channels.unknown() == ()
    mails = [address for units in channels.cities.values() for unit in units.values() for address in unit.mail]
    assert mails
    assert all(address.endswith(".example") for address in mails)
