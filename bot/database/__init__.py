"""The database: how it is opened, encrypted and brought up to date. Nobody's tables are known here."""
