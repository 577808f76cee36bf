"""The seven policies of the SME plan that a programme reports by."""

from matchmaker.vocabulary.codes import CodeList

POLICIES = CodeList("policy", "policies")
