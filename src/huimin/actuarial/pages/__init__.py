"""The desk's results as pages: Jinja2 templates with Matplotlib's plots, one HTML file that needs no other file."""
