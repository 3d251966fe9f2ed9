"""What some tests need installed or running: they skip where it is missing, or fail where everything has to be there."""

import os
import uuid
from contextlib import contextmanager

import pytest


@contextmanager
def postgresql_database():
    """Make a database with a name of its own, and drop it afterwards."""
    import psycopg2
    from sqlalchemy.engine import make_url

    server = make_url(os.environ.get("LEAFLINE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres"))
    name = f"leafline_{uuid.uuid4().hex[:12]}"

    def administer(statement):
        connection = psycopg2.connect(server.render_as_string(hide_password=False), connect_timeout=5)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    try:
        administer(f"CREATE DATABASE {name}")
    except psycopg2.OperationalError:
        needs("a PostgreSQL server (LEAFLINE_TEST_POSTGRESQL)", None)
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        administer(f"DROP DATABASE {name} WITH (FORCE)")


def needs(component, path):
    """Skip where ``component`` is missing; fail instead where everything has to be there."""
    if path:
        return path
    if os.environ.get("LEAFLINE_TEST_ALL"):
        pytest.fail(f"{component} is missing, and LEAFLINE_TEST_ALL asks for every test")
    pytest.skip(f"{component} is not installed")
