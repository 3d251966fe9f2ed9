"""Telegram: updates are fetched or come by webhook, replies go out at the pace that Telegram allows."""
