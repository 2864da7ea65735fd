"""rules: keeps every reported row as a version, judges targets, raises signals, tells findings."""
