"""Use cases: record findings, acknowledge, suspend and resume alerts, deliver notices."""
