"""Read functions and their models, one module a thing. REST and pages share them, so neither shows more."""
