"""The pages of the app, one component each, which is given the room of its browser tab."""
