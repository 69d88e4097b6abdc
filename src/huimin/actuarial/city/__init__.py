"""An invented city: people, households, illness and bills, drawn from stated parameters with a seed."""

from huimin.actuarial.city.drawing import City, CityYear, build_city
from huimin.actuarial.city.parameters import Parameter, Parameters, standard_parameters
from huimin.actuarial.city.targets import Target, capacity_to_pay, catastrophic, measure

__all__ = [
    "City",
    "CityYear",
    "Parameter",
    "Parameters",
    "Target",
    "build_city",
    "capacity_to_pay",
    "catastrophic",
    "measure",
    "standard_parameters",
]
