"""Tables of the organisations room, a file a noun."""

from matchmaker.organisations.models.business_id import BusinessId
from matchmaker.organisations.models.consortium import (
    Consortium,
    ConsortiumFirm,
    ConsortiumSight,
    FirmState,
)
from matchmaker.organisations.models.criterion import Criterion, CriterionSource, Operator
from matchmaker.organisations.models.evidence_file import EvidenceFile
from matchmaker.organisations.models.evidence_opening import EvidenceOpening, OpenedAs
from matchmaker.organisations.models.former_member import FormerMember
from matchmaker.organisations.models.introducer_link import IntroducerLink
from matchmaker.organisations.models.join_request import JoinRequest, JoinState
from matchmaker.organisations.models.loan_terms import FeeWhen, InterestCounted, Security
from matchmaker.organisations.models.membership import Membership, MembershipRole
from matchmaker.organisations.models.need import Need
from matchmaker.organisations.models.offer import Offer
from matchmaker.organisations.models.organisation import Organisation, OrganisationState
from matchmaker.organisations.models.organisation_fact import (
    CheckedAs,
    LookedAt,
    OrganisationFact,
)
from matchmaker.organisations.models.publication import Kind, PublicationState
from matchmaker.organisations.models.self_check import SelfCheck, SelfCheckSharing
from matchmaker.organisations.models.showroom import Product, ProductPhoto, Showroom

__all__ = [
    "BusinessId",
    "CheckedAs",
    "Consortium",
    "ConsortiumFirm",
    "ConsortiumSight",
    "Criterion",
    "CriterionSource",
    "EvidenceFile",
    "EvidenceOpening",
    "FeeWhen",
    "FirmState",
    "FormerMember",
    "InterestCounted",
    "IntroducerLink",
    "JoinRequest",
    "JoinState",
    "Kind",
    "LookedAt",
    "Membership",
    "MembershipRole",
    "Need",
    "Offer",
    "OpenedAs",
    "Operator",
    "Organisation",
    "OrganisationFact",
    "OrganisationState",
    "Product",
    "ProductPhoto",
    "PublicationState",
    "Security",
    "SelfCheck",
    "SelfCheckSharing",
    "Showroom",
]
