"""Chaos: a sweep that is killed, starved and tampered with ends as if nothing had happened."""
