"""Extra care for people of 65 and over after somebody enrolled them: "was it you?", and undoing it."""
