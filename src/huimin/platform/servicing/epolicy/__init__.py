"""The e-policy as PDF: a template, a font that is shipped with it, and the words, all from the policy's own facts."""
