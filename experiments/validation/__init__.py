"""Does the model tell the truth? Calibration, backcasts, patterns, sensitivity, and the report of all that."""
