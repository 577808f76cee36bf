"""What a loan costs a firm, and when it should be left alone: pure, no database, no request."""
