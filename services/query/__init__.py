"""query: reads what the other services wrote, through views alone; serves REST and the web pages."""
