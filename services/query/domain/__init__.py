"""Pure decisions of query: cursors, the reading of a target's definition, the grid of arrived feeds."""
