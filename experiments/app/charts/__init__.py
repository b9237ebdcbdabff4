"""Charts of the app: pure functions from tidy frames to what a card shows; they know neither pages nor the engine."""
