"""The running system: everything that touches the world."""
