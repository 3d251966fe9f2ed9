"""Runs the migrations on the connection that it is handed; there is no other way in (`bot/database/migrate.py`)."""

from alembic import context

from bot.database import instances
from bot.database.metadata import metadata
from bot.messaging import tables as mailbox
from bot.records import tables as record

assert mailbox.metadata is record.metadata is instances.metadata is metadata  # noqa: S101  # importing them has filled it
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
