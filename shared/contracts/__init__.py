"""The wire contract: topics and pydantic events, one module per topic."""
