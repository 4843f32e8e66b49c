"""Small servers that stand in for real trackers, so that a newcomer needs none."""
