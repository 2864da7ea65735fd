"""Reads deploy/Dockerfile: its instructions, stages and environment."""

import re
import shlex
from dataclasses import dataclass

from tests.unit.deploy_ops.project import DEPLOY


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, its continuation lines joined."""

    name: str
    text: str
    stage: int

    def words(self) -> list[str]:
        """Return the words without flags."""
        return [word for word in shlex.split(self.text) if not word.startswith("--")]

    def flag(self, name: str) -> str | None:
        """Return the value of a flag such as `--from`."""
        found = re.search(rf"--{name}=(\S+)", self.text)
        return found[1] if found else None


def read_instructions() -> list[Instruction]:
    """Return every instruction in order; stages count from 0."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    instructions: list[Instruction] = []
    stage = -1
    for line in lines:
        name, _, rest = line.partition(" ")
        stage += name == "FROM"
        instructions.append(Instruction(name, rest.strip(), stage))
    return instructions


def instructions_named(name: str) -> list[Instruction]:
    """Return the instructions of one kind."""
    return [instruction for instruction in read_instructions() if instruction.name == name]


def image_environment() -> dict[str, str]:
    """Return the PLANWATCH_ variables the image sets."""
    pairs = (word.split("=", 1) for instruction in instructions_named("ENV") for word in instruction.words())
    return {name: value for name, value in pairs if name.startswith("PLANWATCH_")}
