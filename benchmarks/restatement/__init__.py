"""What a correction costs, whatever its size, and what the same verdicts cost from scratch in polars."""
