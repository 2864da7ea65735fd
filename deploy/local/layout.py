"""Where things lie: the checkout and the folder for everything made at run time."""

from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]
STATE_DIRECTORY = PROJECT_ROOT / ".planwatch"
KAFKA_LIBRARIES = STATE_DIRECTORY / "kafka" / "libs"
