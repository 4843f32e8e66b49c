"""The machine room: durable work, one verb (reconcile), and the ports through which it reaches the world."""
