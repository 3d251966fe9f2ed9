"""Tools that make what the product ships; each has an environment of its own."""
