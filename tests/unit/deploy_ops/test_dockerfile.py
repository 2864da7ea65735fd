"""deploy/Dockerfile: what it copies and runs exists, and the image holds every package the code imports."""

import ast
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from shared.adapters.settings import SERVICES
from tests.unit.deploy_ops.dockerfile import image_environment, instructions_named, read_instructions
from tests.unit.deploy_ops.project import DEPLOY, ROOT

LAST_STAGE = len(instructions_named("FROM")) - 1
LOCK = ROOT / "requirements" / "runtime.txt"
SHIPPED = ("services", "shared", "deploy")
AT_ONE_MACHINE_ONLY = {"deploy/local/receivers.py"}  # the demo's mailbox, loaded by `planwatch demo` alone


def copied_from_project() -> list[str]:
    copies = [copy for copy in instructions_named("COPY") if copy.flag("from") is None]
    return [source for copy in copies for source in copy.words()[:-1]]


@pytest.mark.parametrize("source", copied_from_project())
def test_what_is_copied_exists_and_reaches_the_builder(source: str) -> None:
    assert (ROOT / source).exists()
    assert reaches_builder(source)


@pytest.mark.parametrize("path", ["secrets/key", ".env", ".git/config", "tests/conftest.py", ".planwatch/dev.env"])
def test_nothing_else_reaches_the_builder(path: str) -> None:
    assert not reaches_builder(path)


def reaches_builder(path: str) -> bool:
    """Apply .dockerignore: the last pattern that matches the path or a folder above it decides."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!").rstrip("/")
        if line and not line.startswith("#") and (pattern in ("*", path) or path.startswith(f"{pattern}/")):
            sent = line.startswith("!")
    return sent


def test_stages_that_are_copied_from_exist() -> None:
    stages = {
        instruction.text.split(" AS ")[1] for instruction in instructions_named("FROM") if " AS " in instruction.text
    }
    assert {copy.flag("from") for copy in instructions_named("COPY")} - {None} == stages


def test_base_images_name_no_registry_and_no_moving_tag() -> None:
    for instruction in instructions_named("FROM"):
        image = instruction.text.split(" AS ")[0]
        assert re.fullmatch(r"[a-z0-9-]+:[a-z0-9.-]+", image), image
        assert not image.endswith(":latest")
    assert not re.search(r"https?://|index-url|registry", "\n".join(one.text for one in read_instructions()))


def test_runs_as_an_own_user_without_rights() -> None:
    (user,) = instructions_named("USER")
    assert user.stage == LAST_STAGE
    assert user.text not in ("root", "0")
    later = read_instructions()[read_instructions().index(user) + 1 :]
    assert {instruction.name for instruction in later} <= {"EXPOSE", "HEALTHCHECK", "CMD"}


def test_python_packages_are_installed_with_hashes_only() -> None:
    (install,) = [run.text for run in instructions_named("RUN") if " pip install" in run.text]
    assert "--require-hashes" in install
    assert f"-r {LOCK.relative_to(ROOT)}" in install
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    entries = re.split(r"\n(?=\S)", LOCK.read_text(encoding="utf-8"))
    assert len([entry for entry in entries if "--hash=sha256:" in entry]) == len(pinned) > 10


def test_scripts_are_those_of_the_lock_and_of_set_up() -> None:
    (copy,) = [run.text for run in instructions_named("RUN") if "vendor" in run.text]
    scripts = re.findall(r"node_modules/(\S+)", copy)
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for script in scripts:
        assert f"node_modules/{script.split('/')[0]}" in packages
        assert f"node_modules/{script}" in makefile
    assert len(scripts) == makefile.count("node_modules/") - makefile.count("node_modules/.")


def test_modules_it_runs_exist() -> None:
    commands = "\n".join(instruction.text.replace('", "', " ") for instruction in read_instructions())
    modules = set(re.findall(r"python -m ([\w.]+)", commands))
    assert "deploy.healthcheck" in modules
    assert [module for module in modules if find_spec(module) is None] == []


def test_python_is_a_version_the_project_supports() -> None:
    (version,) = {text[1] for one in instructions_named("FROM") if (text := re.match(r"python:(\d+\.\d+)", one.text))}
    assert f'requires-python = ">={version}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_image_holds_every_package_the_code_imports() -> None:
    locked = locked_distributions()
    missing = {
        f"{path.relative_to(ROOT)}: {module}"
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*.py")
        if str(path.relative_to(ROOT)) not in AT_ONE_MACHINE_ONLY
        for module in imported_modules(path)
        if not any(distribution in locked for distribution in distributions(module))
    }
    assert missing == set()


def locked_distributions() -> set[str]:
    """Return the names of the packages the image installs."""
    pinned = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    return {name.lower() for name in pinned}


def imported_modules(path: Path) -> set[str]:
    """Return the top-level names a file imports that are neither ours nor the standard library's."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - set(SHIPPED)


def distributions(module: str) -> set[str]:
    """Return the distributions that bring a module, as the lock writes their names."""
    return {name.lower().replace("_", "-") for name in _installed().get(module, [module])}


@cache
def _installed() -> dict[str, list[str]]:
    return {module: list(names) for module, names in packages_distributions().items()}


def test_everything_starts_without_the_packages_the_image_lacks() -> None:
    absent = [module for module in _installed() if not distributions(module) & locked_distributions()]
    names = ["services.__main__", *(f"services.{service}.bootstrap" for service in SERVICES)]
    code = f"import sys\nsys.modules.update(dict.fromkeys({sorted(absent)!r}))\nimport {', '.join(names)}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_command_in_the_image_is_the_project_s() -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = [str(DEPLOY / "planwatch.sh"), "--help"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "migrate" in done.stdout


@contextmanager
def answering(status: int) -> Iterator[int]:
    """Run a server whose `/healthz` answers so; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()
            self.wfile.write(b"the answer")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def check_health(port: int) -> subprocess.CompletedProcess[str]:
    (health,) = instructions_named("HEALTHCHECK")
    command = json.loads(health.text[health.text.index("[") :])
    assert command[0] == "python"
    environment = {**image_environment(), "PLANWATCH_HTTP_PORT": str(port), "http_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        [sys.executable, *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_health_check_is_green_for_200() -> None:
    with answering(200) as port:
        assert check_health(port).returncode == 0


def test_health_check_is_red_for_503_and_keeps_the_answer() -> None:
    with answering(503) as port:
        done = check_health(port)
    assert (done.returncode, done.stdout) == (1, "the answer\n")


def test_health_check_is_red_when_nothing_answers() -> None:
    with answering(200) as port:
        pass
    done = check_health(port)
    assert done.returncode == 1
    assert done.stdout.startswith("no answer")
