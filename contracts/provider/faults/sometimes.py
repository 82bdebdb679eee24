"""Faults that show only for some appointments, or only to some callers."""

import struct
from dataclasses import replace
from typing import Final

from contracts.provider.behaviours import Fault, Hooks
from contracts.provider.calls import Call
from contracts.provider.faults.making import columns, once, put, recast, shown
from contracts.provider.records import Appointment

EPOCH: Final = 1970
"""The year before which counts of seconds are negative."""


def _secondary(call: Call) -> bool:
    return shown(call).appointment_type == "secondary"


def _in_four_bytes(amount: int) -> int:
    """Give the nearest number that a float of four bytes holds."""
    held: tuple[float] = struct.unpack("f", struct.pack("f", amount))
    return int(held[0])


def _century_later(_: Appointment, done: Appointment) -> Appointment:
    born = done.client_birth_date
    old = born is not None and born.year < EPOCH
    return replace(done, client_birth_date=born.replace(year=born.year + 100)) if born and old else done


def _attributes_as_texts(_: Appointment, done: Appointment) -> Appointment:
    return replace(done, custom_attributes={name: str(value) for name, value in done.custom_attributes.items()})


SHAPES: Final = (
    Fault(
        "second-visit-unknown",
        "answer/enumerations",
        "A second visit has a word of its own in the new list, and only the first one was tried.",
        Hooks(render=put("appointment_type", "follow_up"), when=_secondary),
    ),
    Fault(
        "visit-reset",
        "effect/references-kept",
        "The record is saved through a form whose field for the type of visit begins with the first one.",
        Hooks(transition=once(columns(appointment_type="primary"))),
    ),
    Fault(
        "price-rounded",
        "effect/amounts-kept",
        "Prices are rounded to what can be paid in notes, the stored ones too.",
        Hooks(transition=once(lambda _, done: replace(done, service_amount=round(done.service_amount, -2)))),
    ),
    Fault(
        "large-amount-imprecise",
        "effect/amounts-kept",
        "A library of charts makes amounts floats of four bytes, and large ones lose their last digits.",
        Hooks(render=recast("service_amount", _in_four_bytes)),
    ),
    Fault(
        "birth-date-next-century",
        "effect/client-kept",
        "Years go through two digits, and whoever was born before 1970 is born in the next century.",
        Hooks(transition=once(_century_later)),
    ),
    Fault(
        "attributes-as-texts",
        "effect/undocumented-kept",
        "Free attributes are saved through a store that holds texts alone.",
        Hooks(transition=once(_attributes_as_texts)),
    ),
)
"""What is wrong only where a visit, an amount or a person is not as in the first example."""

FAULTS: Final[tuple[Fault, ...]] = SHAPES
"""Every fault that shows only sometimes."""
