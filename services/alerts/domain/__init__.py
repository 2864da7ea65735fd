"""The life of an alert, who is told of it, and how often delivery is tried: decisions only."""
