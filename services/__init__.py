"""The four services and the command line that assembles them."""
