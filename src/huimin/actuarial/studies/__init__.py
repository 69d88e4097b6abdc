"""The desk's six studies: each has a page in either language and a document for programs.

The command line and the platform's desk call the same functions, so that they give the same figures.
"""
