"""What real plans paid, as it was published, and what has to be said of a figure that no real plan confirms."""

from huimin.actuarial.outcomes.notice import invented_people, paid_a_head
from huimin.actuarial.outcomes.published import Published, published_outcomes

__all__ = ["Published", "invented_people", "paid_a_head", "published_outcomes"]
