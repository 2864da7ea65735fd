"""Pure rules of what may be pushed: columns, values, identifiers, periods, the envelope."""
