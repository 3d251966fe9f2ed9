"""Custom actions: what the dialogue does when it is the bot's turn."""
