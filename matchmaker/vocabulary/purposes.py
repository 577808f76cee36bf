"""What money or a service is for."""

from matchmaker.vocabulary.codes import CodeList

PURPOSES = CodeList("purpose", "purposes")
