"""Appointments: booked, verified, journalled, swept."""
