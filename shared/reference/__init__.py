"""Reference data carried by the project: areas, industries, the working-day calendar."""
