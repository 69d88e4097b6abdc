"""The forms that pages take, as Django forms, one module for each kind of reader. docs/pages.md says how a page shows
them.

A view binds a form to what was sent, checks it, and gives its clean values to a service. An error of the service goes
back into the form (`PageForm.refuse`), so that all faults are shown in the same way.
"""
