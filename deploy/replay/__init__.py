"""Rebuilds what the services decided from what was accepted: to prove that it comes out the same, and to try changed plans."""
