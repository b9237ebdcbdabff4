"""Loops that numba compiles: what the functions marked ``twin`` compute, bit for bit, run by run side by side.

Every sum adds in the order in which the NumPy twin adds, nothing is fused or reordered, and the runs of a batch
are the innermost loop, so that a run's figures do not depend on how many others stand beside it.
"""
