"""Kafka, PostgreSQL, SMTP, webhooks, HTTP and the command line of alerts."""
