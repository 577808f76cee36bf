"""Service categories: what a provider gives and a firm looks for."""

from matchmaker.vocabulary.codes import CodeList

SERVICES = CodeList("service", "services")
SERVICE_GROUPS = CodeList("service-group", "service_groups")
