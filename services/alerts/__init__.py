"""alerts: findings become alerts with a history, and every change is told to the units the plan makes responsible."""
