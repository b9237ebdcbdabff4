"""Where decisions meet: array functions over rows, slots, links and corridors."""
