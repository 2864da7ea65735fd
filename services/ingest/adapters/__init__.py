"""Drivers of ingest: HTTP, PostgreSQL, Kafka, files and the command line."""
