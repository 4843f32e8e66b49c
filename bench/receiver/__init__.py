"""Measures the receiver against an equivalent peer and against floors."""
