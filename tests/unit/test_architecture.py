"""Rules of the code that no linter holds: purity, honest error handlers, names, sizes, and what may be committed."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shared.contracts.topics import TOPICS

ROOT = Path(__file__).resolve().parents[2]
CODE = ("services", "shared")
LONGEST_FILE = 300
VAGUE_NAMES = {f"{name}.py" for name in ("utils", "util", "helpers", "common", "manager", "service", "misc")}
READS_ENVIRONMENT = {"__main__.py"}
TOPICS_MODULE = Path("shared/contracts/topics.py")


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    line = getattr(node, "lineno", None)
    return f"{path.relative_to(ROOT)}" if line is None else f"{path.relative_to(ROOT)}:{line}"


def pure_sources() -> list[Path]:
    domains = [path for path in sources("services") if path.relative_to(ROOT).parts[2:3] == ("domain",)]
    return [*domains, *sources("shared/kernel")]


def test_domain_and_kernel_never_wait() -> None:
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    found = [
        place(path, node) for path in pure_sources() for node in ast.walk(tree_of(path)) if isinstance(node, waiting)
    ]
    assert pure_sources()
    assert found == []


def broad_handlers(tree: ast.Module) -> Iterator[ast.ExceptHandler]:
    """Yield handlers of everything: bare, `Exception` or `BaseException`, alone or in a tuple."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {kind.id for kind in caught if isinstance(kind, ast.Name)}
            if node.type is None or names & {"Exception", "BaseException"}:
                yield node


def raises(handler: ast.ExceptHandler) -> bool:
    """Whether the handler itself raises; a function defined inside it does not count."""
    waiting: list[ast.AST] = list(handler.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def test_whoever_catches_everything_raises_what_it_does_not_know() -> None:
    found = [
        place(path, handler)
        for path in sources(*CODE, "deploy")
        for handler in broad_handlers(tree_of(path))
        if not raises(handler)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("body", "honest"),
    [
        ("log(error)", False),
        ("raise", True),
        ("if not passing(error):\n            raise\n        retry()", True),
        ("def later() -> None:\n            raise ValueError", False),
    ],
    ids=["log and swallow", "raise", "raise unless passing", "raise in a nested function"],
)
def test_a_swallowing_handler_is_recognised(body: str, honest: bool) -> None:  # noqa: FBT001  (a table's column)
    tree = ast.parse(f"def work() -> None:\n    try:\n        act()\n    except Exception as error:\n        {body}\n")
    (handler,) = broad_handlers(tree)
    assert raises(handler) is honest


def test_no_file_has_a_name_that_fits_everything() -> None:
    assert [place(path) for path in sources(*CODE, "deploy", "docs") if path.name in VAGUE_NAMES] == []


def test_no_file_is_too_long() -> None:
    lengths = {
        place(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(*CODE, "deploy/local", "docs")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_only_entry_points_read_the_environment() -> None:
    found = [
        place(path, node)
        for path in sources(*CODE)
        if path.name not in READS_ENVIRONMENT
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "environb", "getenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert found == []


def docstrings(tree: ast.Module) -> set[ast.AST]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, holders)]
    return {body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)}


def test_topics_are_named_in_one_place() -> None:
    names = re.compile("|".join(rf"\b{re.escape(topic.name)}\b" for topic in TOPICS))
    found = [
        place(path, node)
        for path in sources(*CODE, "deploy")
        if path.relative_to(ROOT) != TOPICS_MODULE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and names.search(node.value)
        if node not in docstrings(tree_of(path))
    ]
    assert found == []


@cache
def committed_files() -> tuple[Path, ...]:
    """Return what is committed or would be: git knows what is ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_nothing_of_others_is_committed() -> None:
    foreign = re.compile(r"\.(jar|war|woff2?|ttf|otf|eot|whl|so|exe|dll)$|\.min\.(js|css)$|^node_modules/")
    assert [place(path) for path in committed_files() if foreign.search(str(path.relative_to(ROOT)))] == []


def test_locks_name_no_address() -> None:
    address = re.compile(r"https?://|git\+|--(extra-)?index-url|--find-links|\"resolved\"")
    locks = [*(ROOT / "requirements").iterdir(), ROOT / "package-lock.json", ROOT / "package.json", ROOT / ".npmrc"]
    found = [f"{place(lock)}: {line}" for lock in locks for line in text_of(lock).splitlines() if address.search(line)]
    assert found == []


def test_no_file_names_a_place_on_somebody_s_machine() -> None:
    homes = re.compile(r"(?<![\w.])/(?:home|Users)/\w+/|(?<![\w.])[A-Z]:\\Users\\")
    own = f"{ROOT}/" if len(ROOT.parts) > 2 else None
    found = [
        place(path)
        for path in committed_files()
        if path != Path(__file__)
        if homes.search(text_of(path)) or (own is not None and own in text_of(path))
    ]
    assert found == []


def test_the_documents_themselves_are_not_committed() -> None:
    """Plans quote short runs of a document; its text is input and stays outside."""
    assert [place(path) for path in committed_files() if path.suffix in (".pdf", ".doc", ".docx")] == []
