"""How the learning rate changes over the updates. So far it does not."""

from engine.choices.base import Entry, family

SCHEDULES = family(Entry("constant", 0, "ηₜ = η", "-"))
