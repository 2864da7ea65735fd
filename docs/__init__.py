"""The documents, and the generator of their generated parts."""
