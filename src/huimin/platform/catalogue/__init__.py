"""Plan years on sale in a city: frozen terms, their window, their digest."""
