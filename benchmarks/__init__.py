"""Measurements: each prints its table and says what it was measured on."""
