"""`planwatch demo`: the main job on real published figures and a simulated city, checked against the simulation's truth."""
