"""What a container's health check runs."""
