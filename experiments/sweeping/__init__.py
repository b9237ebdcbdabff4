"""Sweeps: many points of a plan, played so that nothing finished is ever lost."""
