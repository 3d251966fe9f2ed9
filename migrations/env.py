"""Runs the migrations on the connection that it is handed; there is no other way in (`bot/database/migrate.py`)."""

from alembic import context

from bot.retention.all_tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
