"""What staff must hear of: kept, escalated where nobody takes it on, and journalled while the database is down."""
