"""Getting data in: a folder of CSV files, checked as a whole, written in one transaction or not at all."""
