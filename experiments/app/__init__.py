"""The pages of ``friendshore app``, and the engine that plays what they ask for."""
