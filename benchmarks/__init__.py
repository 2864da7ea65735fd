"""Measurements anyone can repeat: `make benchmark` (see benchmarks/__main__.py)."""
