"""What we ask of the world: scenarios, runs, results and the command line."""
