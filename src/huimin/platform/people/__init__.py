"""Residents, households and areas, as the bureau's register of basic insurance gives them; identity and consent."""
