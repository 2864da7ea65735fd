"""query's edges: views, REST, pages, and the client of alerts."""
