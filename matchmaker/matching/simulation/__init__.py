"""A market in small, played for a month: who is seen, what comes of it, what the order costs.

A bench of :mod:`matchmaker.matching.exposure` and :mod:`~matchmaker.matching.prices`: made-up
firms and funders, the same functions that pages call. Users look from the top (a place is looked
at with probability ``1 / log2(1 + place)``: Järvelin & Kekäläinen 2002; the position model of
Craswell et al. 2008), ask by score, answer by score. What is asked for gains points as a learned
model would give them, so that attention feeds on itself where nothing stands against it.
"""
