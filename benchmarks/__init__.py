"""Measurements anyone can repeat: `python -m benchmarks` (the pipeline), `python -m benchmarks.restatement` (corrections)."""
