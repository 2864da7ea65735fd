"""The type of a clock: core code receives instants, it never reads the time."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Returns the present as an aware datetime in UTC."""
