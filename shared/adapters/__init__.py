"""Drivers' adapters used by more than one service: Kafka, PostgreSQL, HTTP, logs, metrics, the clock."""
