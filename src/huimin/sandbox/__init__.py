"""A server that plays those who cannot be reached from a laptop: payment company, message gateway, hospital.

It speaks over HTTP and signs, delays, repeats and loses as the real ones do. It shares no code with the platform.
"""
