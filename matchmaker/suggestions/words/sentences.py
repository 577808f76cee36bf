"""The sentences of reasons, from each side: the first one whose facts are all known is said."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

#: For whoever looks for something. Facts: see `reasons.value_of`.
NEED = {
    "service_fits": (_l("Gives what you look for: %(wanted)s."), _l("Gives what you look for.")),
    "service_weak": (
        _l("Gives %(offer)s; you look for %(wanted)s."),
        _l("Gives something else than you look for."),
    ),
    "sector_fits": (
        _l("Looks for firms in your sector: %(shared)s."),
        _l("Has taken firms of your sector before."),
    ),
    "sector_weak": (
        _l("Looks for other sectors: %(offer)s."),
        _l("Has mostly taken firms of other sectors."),
    ),
    "text_fits": (
        _l("You both write of %(words)s."),
        _l("Describes much the same as you do."),
    ),
    "text_weak": (_l("Its description has little in common with yours."),),
    "place_fits": (_l("Works in %(shared)s."), _l("Has worked near you before.")),
    "place_weak": (_l("Works elsewhere: %(offer)s."), _l("Has mostly worked elsewhere.")),
    "ticket_fits": (
        _l("Gives %(offered)s; you need %(amount)s."),
        _l("Has given amounts like yours before: %(amount)s."),
    ),
    "ticket_weak": (
        _l("Gives %(offered)s, but you need %(amount)s."),
        _l("Has mostly given other amounts than %(amount)s."),
    ),
    "price_fits": (_l("Costs %(offered)s; you can spend %(amount)s."),),
    "price_weak": (_l("Costs %(offered)s, but you can spend %(amount)s."),),
    "stage_fits": (
        _l("Looks for firms like yours: %(shared)s."),
        _l("Has taken firms of your size and stage before."),
    ),
    "stage_weak": (
        _l("Looks for other firms: %(offer)s."),
        _l("Has mostly taken firms of another size or stage."),
    ),
    "language_fits": (_l("Speaks your language: %(shared)s."), _l("Speaks your language.")),
    "language_weak": (
        _l("Works in another language: %(offer)s."),
        _l("Works in another language."),
    ),
    "impact_fits": (
        _l("Looks for what you stand for: %(shared)s."),
        _l("Looks for what you stand for."),
    ),
    "impact_weak": (_l("Has other aims: %(offer)s."), _l("Has other aims than yours.")),
    "preferences_fits": (_l("You are much of what it prefers."),),
    "preferences_weak": (_l("You are little of what it prefers."),),
    "evidence_fits": (
        _l("You have what it asks to see: %(has)s."),
        _l("Asks to see no papers."),
    ),
    "evidence_weak": (
        _l("Asks to see what you have not said you have: %(missing)s."),
        _l("Asks to see papers that you have not shown."),
    ),
    "past_fits": (_l("Has chosen much like you before."),),
    "past_weak": (_l("Has chosen little like you before."),),
    "activity_fits": (_l("Has been active lately."),),
    "activity_weak": (
        _l("Has left unanswered: %(unanswered)s."),
        _l("Has not been active for a while."),
    ),
    "freshness_fits": (_l("You have been here lately."),),
    "freshness_weak": (
        _l("You have left unanswered: %(unanswered)s."),
        _l("You have not been here for a while."),
    ),
    "rule_unmet": (_l("Asks for %(rule)s, which you do not meet."),),
    "preference_unmet": (_l("Would rather have %(rule)s."),),
    "rule_unknown": (_l("Asks for %(rule)s; you have not told us."),),
}

#: For whoever gives something.
OFFER = {
    "service_fits": (_l("Looks for what you give: %(wanted)s."), _l("Looks for what you give.")),
    "service_weak": (
        _l("Looks for %(wanted)s; you give %(offer)s."),
        _l("Looks for something else than you give."),
    ),
    "sector_fits": (
        _l("Is in a sector you look for: %(need)s."),
        _l("Is in a sector you look for."),
    ),
    "sector_weak": (
        _l("Is in another sector than you look for: %(need)s."),
        _l("Is in another sector than you look for."),
    ),
    "text_fits": (
        _l("You both write of %(words)s."),
        _l("Describes much the same as you do."),
    ),
    "text_weak": (_l("Its words have little in common with yours."),),
    "place_fits": (_l("Is where you work: %(need)s."), _l("Is where you work.")),
    "place_weak": (_l("Is elsewhere: %(need)s."), _l("Is elsewhere.")),
    "ticket_fits": (
        _l("Needs %(amount)s; you give %(offered)s."),
        _l("Needs %(amount)s, as others you took."),
    ),
    "ticket_weak": (
        _l("Needs %(amount)s, but you give %(offered)s."),
        _l("Needs %(amount)s, unlike others you took."),
    ),
    "price_fits": (_l("Can spend %(amount)s; you cost %(offered)s."),),
    "price_weak": (_l("Can spend %(amount)s, but you cost %(offered)s."),),
    "stage_fits": (
        _l("Is the kind of firm you look for: %(need)s."),
        _l("Is the kind of firm you look for."),
    ),
    "stage_weak": (_l("Is another kind of firm: %(need)s."), _l("Is another kind of firm.")),
    "language_fits": (_l("Speaks your language: %(shared)s."), _l("Speaks your language.")),
    "language_weak": (
        _l("Works in another language: %(need)s."),
        _l("Works in another language."),
    ),
    "impact_fits": (
        _l("Stands for what you aim at: %(shared)s."),
        _l("Stands for what you aim at."),
    ),
    "impact_weak": (_l("Shares few of your aims."),),
    "preferences_fits": (_l("Is much of what you prefer."),),
    "preferences_weak": (_l("Is little of what you prefer."),),
    "evidence_fits": (
        _l("Says it has what you ask to see: %(has)s."),
        _l("You ask for no papers."),
    ),
    "evidence_weak": (
        _l("Has not said that it has: %(missing)s."),
        _l("Has not shown the papers you ask for."),
    ),
    "past_fits": (_l("Much like what you chose before."),),
    "past_weak": (_l("Little like what you chose before."),),
    "activity_fits": (_l("You have been active lately."),),
    "activity_weak": (
        _l("You have left unanswered: %(unanswered)s."),
        _l("You have not been active for a while."),
    ),
    "freshness_fits": (_l("Was here %(when)s."), _l("Was here lately.")),
    "freshness_weak": (
        _l("Has left unanswered: %(unanswered)s."),
        _l("Was last here %(when)s."),
        _l("Has not been here for a while."),
    ),
    "rule_unmet": (_l("Does not meet your rule: %(rule)s."),),
    "preference_unmet": (_l("Is not what you prefer: %(rule)s."),),
    "rule_unknown": (_l("Has not said whether it meets your rule: %(rule)s."),),
}
