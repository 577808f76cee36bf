"""Tables of the organisations room, a file a noun."""

from matchmaker.organisations.models.business_id import BusinessId
from matchmaker.organisations.models.criterion import Criterion, CriterionSource, Operator
from matchmaker.organisations.models.introducer_link import IntroducerLink
from matchmaker.organisations.models.join_request import JoinRequest, JoinState
from matchmaker.organisations.models.membership import Membership, MembershipRole
from matchmaker.organisations.models.need import Need
from matchmaker.organisations.models.offer import Offer
from matchmaker.organisations.models.organisation import Organisation, OrganisationState
from matchmaker.organisations.models.organisation_fact import OrganisationFact
from matchmaker.organisations.models.publication import Kind, PublicationState

__all__ = [
    "BusinessId",
    "Criterion",
    "CriterionSource",
    "IntroducerLink",
    "JoinRequest",
    "JoinState",
    "Kind",
    "Membership",
    "MembershipRole",
    "Need",
    "Offer",
    "Operator",
    "Organisation",
    "OrganisationFact",
    "OrganisationState",
    "PublicationState",
]
