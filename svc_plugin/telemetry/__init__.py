"""What a running process tells of itself: metrics, traces, how the sites answer it."""
