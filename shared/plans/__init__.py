"""Plan files: schema, loader, lint. Pure apart from reading files."""
