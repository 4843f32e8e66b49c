"""What others would build: written plainly, with the same durability."""
