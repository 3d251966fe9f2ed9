"""Kannel, a text message gateway of one's own."""
