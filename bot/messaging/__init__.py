"""The mailbox: what came in and what goes out, kept in the database until it is done."""
