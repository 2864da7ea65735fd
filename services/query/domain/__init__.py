"""Pure decisions of query: cursors, instants to look back to, the reading of a target's definition, the grid of arrived feeds."""
