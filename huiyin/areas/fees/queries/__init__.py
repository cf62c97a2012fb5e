"""Reading charges, receipts, waivers, handovers of cash, payments by code and monthly slips."""

from huiyin.areas.fees.queries.charges import (
    Sums,
    asked_waiver,
    charge_for,
    charges_in,
    charges_of,
    intents_of,
    items_of,
    listed,
    may_be_taken,
    open_charges_of_household,
    receipts_of,
    sums_of,
    waiting_intent,
    waivers_of,
)

__all__ = [
    "Sums",
    "asked_waiver",
    "charge_for",
    "charges_in",
    "charges_of",
    "intents_of",
    "items_of",
    "listed",
    "may_be_taken",
    "open_charges_of_household",
    "receipts_of",
    "sums_of",
    "waiting_intent",
    "waivers_of",
]
