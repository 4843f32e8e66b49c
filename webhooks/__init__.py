"""Receives notices from issue trackers: verify, parse, store, answer."""
