"""The HTTP side: receiver, downloads, health."""
