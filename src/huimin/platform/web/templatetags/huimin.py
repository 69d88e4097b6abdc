"""How pages write money and days."""

from __future__ import annotations

from django import template

register = template.Library()
