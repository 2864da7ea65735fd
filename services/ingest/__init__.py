"""Takes what statistics systems push: checks it, keeps it, answers with a receipt, publishes it."""
