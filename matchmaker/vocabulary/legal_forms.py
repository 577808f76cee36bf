"""Legal forms, in words that fit all countries."""

from matchmaker.vocabulary.codes import CodeList

LEGAL_FORMS = CodeList("legal", "legal_forms")
