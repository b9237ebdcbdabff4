"""What governments can do and what can befall them: one file per instrument, listed here."""

from collections.abc import Mapping

from abm.policies.ally_request import AllyRequest
from abm.policies.anti_dumping import AntiDumping
from abm.policies.blockade import Blockade
from abm.policies.capex_grant import CapexGrant
from abm.policies.consumer_credit import ConsumerCredit
from abm.policies.cost_overrun import CostOverrun
from abm.policies.demand_shift import DemandShift
from abm.policies.embargo import Embargo
from abm.policies.emergency_pool import EmergencyPool
from abm.policies.energy_price import EnergyPrice
from abm.policies.entity_list import EntityList
from abm.policies.export_licence import ExportLicence
from abm.policies.export_quota import ExportQuota
from abm.policies.firm_deal import FirmDeal
from abm.policies.information_sharing import InformationSharing
from abm.policies.input_loss import InputLoss
from abm.policies.instrument import Instrument
from abm.policies.investment_guardrail import InvestmentGuardrail
from abm.policies.investment_tax_credit import InvestmentTaxCredit
from abm.policies.outage import Outage
from abm.policies.overseas_investment import OverseasInvestment
from abm.policies.permit_fast_track import PermitFastTrack
from abm.policies.producer_support import ProducerSupport
from abm.policies.production_credit import ProductionCredit
from abm.policies.production_plan import ProductionPlan
from abm.policies.production_standard import ProductionStandard
from abm.policies.public_equity import PublicEquity
from abm.policies.public_loan import PublicLoan
from abm.policies.public_procurement import PublicProcurement
from abm.policies.public_stockpile import PublicStockpile
from abm.policies.recycling_mandate import RecyclingMandate
from abm.policies.research_programme import ResearchProgramme
from abm.policies.reshoring_subsidy import ReshoringSubsidy
from abm.policies.supply_review import SupplyReview
from abm.policies.tariff import Tariff
from abm.policies.tool_control import ToolControl

INSTRUMENTS: Mapping[str, type[Instrument]] = {
    "ally_request": AllyRequest,
    "anti_dumping": AntiDumping,
    "capex_grant": CapexGrant,
    "consumer_credit": ConsumerCredit,
    "embargo": Embargo,
    "emergency_pool": EmergencyPool,
    "entity_list": EntityList,
    "export_licence": ExportLicence,
    "export_quota": ExportQuota,
    "firm_deal": FirmDeal,
    "information_sharing": InformationSharing,
    "investment_guardrail": InvestmentGuardrail,
    "investment_tax_credit": InvestmentTaxCredit,
    "overseas_investment": OverseasInvestment,
    "permit_fast_track": PermitFastTrack,
    "producer_support": ProducerSupport,
    "production_credit": ProductionCredit,
    "production_plan": ProductionPlan,
    "production_standard": ProductionStandard,
    "public_equity": PublicEquity,
    "public_loan": PublicLoan,
    "public_procurement": PublicProcurement,
    "public_stockpile": PublicStockpile,
    "recycling_mandate": RecyclingMandate,
    "research_programme": ResearchProgramme,
    "reshoring_subsidy": ReshoringSubsidy,
    "supply_review": SupplyReview,
    "tariff": Tariff,
    "tool_control": ToolControl,
}
SHOCKS: Mapping[str, type[Instrument]] = {
    "blockade": Blockade,
    "cost_overrun": CostOverrun,
    "demand_shift": DemandShift,
    "energy_price": EnergyPrice,
    "input_loss": InputLoss,
    "outage": Outage,
}
