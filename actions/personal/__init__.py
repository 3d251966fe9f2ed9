"""A person's own answers: from the record as plain values to sentences. No database and no Rasa in here."""
