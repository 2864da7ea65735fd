"""A seeded, plainly simulated city for the demo, tests and benchmarks."""
