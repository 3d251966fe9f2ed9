"""The record: people, groups, sessions, attendance, and who may see what of it. It does not use Rasa."""
