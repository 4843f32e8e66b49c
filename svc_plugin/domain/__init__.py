"""The process as pure functions over values: standard library only, no clock, no network, no files."""
