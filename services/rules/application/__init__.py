"""Use cases of rules and the ports they need."""
