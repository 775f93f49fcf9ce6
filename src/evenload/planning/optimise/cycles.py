"""Cycles of the search by single changes and by whole weeks: their kinds, temperatures and shares of the effort."""

from __future__ import annotations

from evenload.planning.optimise.candidates import Listed

CYCLES = (("single", 0.1), ("weeks", 0.1), ("single", 0.4), ("weeks", 0.37))
"""Kinds of cycle and shares of the effort. Each starts from the best plan and cools down; a good plan is there early, patience
improves it. Programs differ in which kind finds more."""

LARGE_CYCLES = (("weeks", 0.1), ("cold", 0.06), ("weeks", 0.4), ("cold", 0.1), ("single", 0.3))
"""The same in large programs, where whole weeks move more in the same time, and a cycle that starts hot is long without gain."""

BEFORE_DIVES, SCATTERED_BEFORE_DIVES = ("weeks", 0.006), 0.003
"""What large programs get before dives (`caseload_dives`) where few nodes are left waiting, and the share of the rounds that follow: dives
hardly gather room for them."""

REGIONS_PRICED_AFTER = (6, 16)
"""Rounds over regions after which better prices of nodes are looked for, to prove more."""

AGAIN_WEEKS, AGAIN_SINGLE, SINGLE_EVERY = ("weeks", 0.37), ("single", 0.4), 8
"""With a limit in seconds these cycles come until they are over: mostly whole weeks, each from the best plan and with other dice; …"""

POLISHED_AFTER = (6, 24, 96, 384)
"""… and after so many of them the solver looks, at more of its tree each time."""

SINGLE, SINGLE_ROUNDS = (1.5, 0.08), 10
"""First and last temperature of a cycle of ruin and recreate, and its rounds: hot enough to leave where the plan stands still."""

OPENED = 0.1
"""While whole weeks are shared out, a practitioner may have so much more than her limit …"""

DEARER = (3.0, 3.0, 4.0, 4.0, 6.0, 8.0, 16.0, 64.0)
"""… at so many times the price of her load, round by round: full weeks can change hands, and in the end nobody is above her limit."""

LEAST_PRICE = 1 / 60
"""Price of a minute, hours, where loads are worth less."""

SHARED = (0.3, 0.03)
"""First and last temperature while weeks are shared out; temperatures are shares of the mean price of a node's cheapest arc."""

SCATTERED = ((0.2, 0.1), (0.1, 0.05))
"""Temperatures of the rounds of ruin and recreate that follow, within the limits."""

COLD = ((0.12, 0.08), (0.08, 0.05), (0.05, 0.03), (0.03, 0.02))
"""The same in a cycle that only goes on where the plan stands."""

FIRST, FIRST_SHARE = ((0.8, 0.4), (0.4, 0.2), (0.2, 0.08)), 0.03
"""The same before the first cycle, and its share of the effort: a usable plan soon, however large the program."""

LARGE_FIRST, LARGE_FIRST_SHARE = ((0.5, 0.2), (0.2, 0.08)), 0.015
"""The same in large programs: more would be lost again when weeks are shared out."""

SHARE_OF_REFILLS = 0.8
"""of a cycle's effort"""


def heat_unit(listed: Listed) -> float:
    """Mean price of the nodes' cheapest arcs, hours per week: what a temperature is measured by."""
    return max(0.05, float(listed.arcs["cost"][listed.degree > 0, 0].mean())) if (listed.degree > 0).any() else 1.0
