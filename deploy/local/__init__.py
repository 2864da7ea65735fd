"""A real Kafka, a real PostgreSQL and the four services on one machine, without containers."""
