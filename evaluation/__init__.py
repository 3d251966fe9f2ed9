"""Held-out questions, talks and messages, and what scores the bot on them. Nothing is trained or tuned on them."""
