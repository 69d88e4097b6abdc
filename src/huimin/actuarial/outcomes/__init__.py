"""What real plans paid according to published sources, and the warning above figures that no real plan confirms."""

from huimin.actuarial.outcomes.notice import invented_people, paid_a_head
from huimin.actuarial.outcomes.published import Published, published_outcomes

__all__ = ["Published", "invented_people", "paid_a_head", "published_outcomes"]
