"""What governments can do and what can befall them: one file per instrument, listed here."""

from collections.abc import Mapping

from abm.policies.capex_grant import CapexGrant
from abm.policies.demand_shift import DemandShift
from abm.policies.embargo import Embargo
from abm.policies.export_quota import ExportQuota
from abm.policies.instrument import Instrument
from abm.policies.investment_tax_credit import InvestmentTaxCredit
from abm.policies.outage import Outage
from abm.policies.tariff import Tariff

INSTRUMENTS: Mapping[str, type[Instrument]] = {
    "capex_grant": CapexGrant,
    "investment_tax_credit": InvestmentTaxCredit,
    "tariff": Tariff,
    "export_quota": ExportQuota,
    "embargo": Embargo,
}
SHOCKS: Mapping[str, type[Instrument]] = {
    "outage": Outage,
    "demand_shift": DemandShift,
}
