"""What a page may be sent, as Django forms: one module for each face. docs/pages.md says how a page shows them.

A view binds a form to what was sent, asks it for its faults, and hands its clean values to a service. What the service
refuses goes back into the form (`PageForm.refuse`), so that every fault is shown in one way.
"""
