"""What helps whoever looks for something after a no, by the reason that was given."""

from matchmaker.vocabulary.codes import CodeList

#: The codes are those of `reasons.DECLINE_REASONS`.
DECLINE_WAYS = CodeList("decline-way", "decline_ways")
