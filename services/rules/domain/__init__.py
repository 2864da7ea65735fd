"""The evaluation core: pure functions from targets and facts to verdicts, signals and findings."""
