"""Use cases: record findings, acknowledge an alert, deliver notices."""
