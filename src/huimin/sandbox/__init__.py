"""Small servers that play the parties which cannot be reached from a laptop.

They are payment company, message gateway, hospital, bureau, bank, invoice platform, pharmacy and bill verification. The
last two refuse everything so far.

They speak HTTP as the real ones do, sign, and keep data of their own. By buttons or by a seed they are slow, wrong,
silent and double on purpose. They share no code with the platform, and forget everything when they stop.
"""

from huimin.extras import require

require("platform", "huimin.sandbox")
