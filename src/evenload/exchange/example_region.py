"""Where the example programs stand: neighbourhoods and towns of Ottawa and Eastern Ontario.

French shares: first official language spoken, 2021 Census of Population by sub-area (Statistics Canada), rounded to whole percents
with half of those who named both languages; outside the city: judgement. Points are approximate centres.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenload.planning.distance import distance_km
from evenload.planning.program import Place


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One neighbourhood or town with its area and team. `french_share` is 0–1, `weight` grows with its people; `other` is a language
    often asked for."""

    town: str
    area: str
    team: str
    fsa: str
    lat: float
    lon: float
    french_share: float
    weight: float
    other: str

    @property
    def place(self) -> Place:
        """The centre."""
        return Place(self.lat, self.lon)


NEIGHBOURHOODS: tuple[Neighbourhood, ...] = (
    Neighbourhood("Orléans", "Orléans", "Prescott", "K1C", 45.472, -75.520, 0.33, 0.62, "ar"),
    Neighbourhood("Fallingbrook", "Orléans", "Prescott", "K4A", 45.477, -75.478, 0.33, 0.60, "ar"),
    Neighbourhood("Cumberland", "Orléans", "Prescott", "K4C", 45.517, -75.411, 0.42, 0.10, "es"),
    Neighbourhood("Rockland", "Orléans", "Prescott", "K4K", 45.549, -75.291, 0.62, 0.22, "es"),
    Neighbourhood("Embrun", "Orléans", "Prescott", "K0A", 45.273, -75.283, 0.55, 0.14, "es"),
    Neighbourhood("Beacon Hill", "Centre", "Rideau", "K1J", 45.452, -75.603, 0.30, 0.30, "ar"),
    Neighbourhood("Vanier", "Centre", "Rideau", "K1L", 45.440, -75.665, 0.31, 0.36, "so"),
    Neighbourhood("Lowertown", "Centre", "Rideau", "K1N", 45.430, -75.686, 0.18, 0.34, "ar"),
    Neighbourhood("The Glebe", "Centre", "Rideau", "K1S", 45.402, -75.689, 0.15, 0.40, "zh"),
    Neighbourhood("Alta Vista", "Alta Vista", "Carleton", "K1H", 45.388, -75.658, 0.17, 0.52, "ar"),
    Neighbourhood("Hunt Club", "Alta Vista", "Carleton", "K1T", 45.352, -75.640, 0.13, 0.50, "so"),
    Neighbourhood("Riverside South", "Barrhaven", "Carleton", "K1V", 45.272, -75.690, 0.10, 0.24, "zh"),
    Neighbourhood("Barrhaven", "Barrhaven", "Carleton", "K2J", 45.276, -75.745, 0.08, 0.70, "ar"),
    Neighbourhood("Greely", "Barrhaven", "Carleton", "K4P", 45.258, -75.560, 0.11, 0.16, "es"),
    Neighbourhood("Westboro", "Nepean", "Lanark", "K1Z", 45.392, -75.755, 0.09, 0.36, "zh"),
    Neighbourhood("Bayshore", "Nepean", "Lanark", "K2B", 45.350, -75.805, 0.09, 0.40, "ar"),
    Neighbourhood("Nepean", "Nepean", "Lanark", "K2G", 45.335, -75.755, 0.08, 0.50, "pa"),
    Neighbourhood("Kanata", "Kanata", "Lanark", "K2L", 45.309, -75.898, 0.08, 0.72, "zh"),
    Neighbourhood("Stittsville", "Kanata", "Lanark", "K2S", 45.258, -75.922, 0.07, 0.30, "pa"),
    Neighbourhood("Carp", "Kanata", "Lanark", "K0A", 45.346, -76.036, 0.05, 0.08, "es"),
)


def nearest_neighbourhood(place: Place) -> Neighbourhood:
    """The neighbourhood whose centre is nearest to a place; used to give a real place its area and its team."""
    return min(NEIGHBOURHOODS, key=lambda n: (distance_km(place, n.place), n.town))
