"""The record: people, groups, sessions, attendance, and who may see what of it. No Rasa in here."""
