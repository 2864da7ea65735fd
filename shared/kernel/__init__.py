"""Pure building blocks every layer may use."""
