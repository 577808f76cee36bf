"""What a firm can show, and what an offer may ask to see."""

from matchmaker.vocabulary.codes import CodeList

EVIDENCE = CodeList("evidence", "evidence")
