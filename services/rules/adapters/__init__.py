"""Drivers of rules: Kafka, PostgreSQL, plan files and the command line."""
