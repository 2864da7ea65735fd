"""YAML with positions: plain values for the models, and the line of every key and item for findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from shared.kernel.errors import PlanwatchError

NodePath = tuple[str | int, ...]


class YamlSyntaxError(PlanwatchError):
    """A file is not YAML, is not UTF-8, or has a key twice."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One file: its content (lists as tuples) and the line of each node by its path from the root."""

    path: Path
    content: object
    lines: Mapping[NodePath, int]

    def line_of(self, path: NodePath) -> int:
        """Return the line of the node, or of the nearest one above it that the file has.

        Parts that the file does not have (pydantic names the branch of a union in its locations) are passed over.
        """
        here: NodePath = ()
        for part in path:
            if (*here, part) in self.lines:
                here = (*here, part)
        return self.lines[here]


def read_yaml(path: Path) -> YamlDocument:
    """Read one file; raise YamlSyntaxError with the line for anything that is not plain YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise YamlSyntaxError(path, 1, "the file is not UTF-8") from error
    loader = yaml.CSafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            raise YamlSyntaxError(path, 1, "the file is empty")
        lines: dict[NodePath, int] = {(): 1}
        content = _Reader(path, loader, lines).value_of(root, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlSyntaxError(path, mark.line + 1 if mark else 1, error.problem or str(error)) from error
    finally:
        loader.dispose()
    return YamlDocument(path, content, lines)


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    loader: yaml.CSafeLoader
    lines: dict[NodePath, int]

    def value_of(self, node: Node, path: NodePath) -> object:
        self.lines.setdefault(path, node.start_mark.line + 1)
        match node:
            case MappingNode():
                return self._mapping(node, path)
            case SequenceNode():
                return tuple(self.value_of(item, (*path, index)) for index, item in enumerate(node.value))
            case ScalarNode():
                value: object = self.loader.construct_object(node)
                return value
            case _:
                raise YamlSyntaxError(self.path, node.start_mark.line + 1, f"unexpected node {node.tag}")

    def _mapping(self, node: MappingNode, path: NodePath) -> dict[str, object]:
        content: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self.loader.construct_object(key_node)
            if not isinstance(key, str):
                raise YamlSyntaxError(self.path, line, f"the key {key!r} must be text")
            if key in content:
                raise YamlSyntaxError(self.path, line, f"the key {key!r} stands here twice")
            self.lines[*path, key] = line
            content[key] = self.value_of(value_node, (*path, key))
        return content
