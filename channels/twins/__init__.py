"""Stand-ins for the wires of others, each a process of its own."""
