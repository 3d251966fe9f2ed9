"""Held-out questions, conversations and messages, and the scoring. Nothing is trained or tuned on them."""
