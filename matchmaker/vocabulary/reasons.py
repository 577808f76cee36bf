"""Why people say no, why something is closed, and what came of it."""

from matchmaker.vocabulary.codes import CodeList

DECLINE_REASONS = CodeList("decline", "decline_reasons")
NOT_FOR_ME_REASONS = CodeList("not-for-me", "not_for_me_reasons")
CLOSE_REASONS = CodeList("close", "close_reasons")
OUTCOMES = CodeList("outcome", "outcomes")
WHY_NOT = CodeList("why-not", "outcome_reasons")
#: The outcome by which a side denies that the two ever met.
NO_CONTACT = "no_contact"
