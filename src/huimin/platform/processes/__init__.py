"""The processes of one server: each helper's life, who starts it again, and how the web takes requests (ADR 21)."""
