"""Certificates and standards a firm may hold."""

from matchmaker.vocabulary.codes import CodeList

CERTIFICATES = CodeList("certificate", "certificates")
