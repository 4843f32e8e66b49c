"""What stands around a running process: is it well, is it configured as before, what does it work on."""
