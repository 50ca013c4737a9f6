"""Codes under which candidates are spoken of: a mineral and a number. Neither says anything about the person or their order."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

# Easy to say and to tell apart. No precious metals, no gems, no rubble: nothing that sounds like a verdict.
MINERALS = (
    "Agate", "Albite", "Amphibole", "Anatase", "Andesite", "Apatite", "Augite", "Azurite", "Barite", "Basalt",
    "Bauxite", "Beryl", "Biotite", "Borax", "Brookite", "Calcite", "Celestine", "Chalcedony", "Chert", "Chlorite",
    "Cobaltite", "Datolite", "Diorite", "Dolomite", "Epidote", "Feldspar", "Flint", "Fluorite", "Gabbro", "Granite",
    "Graphite", "Gypsum", "Halite", "Hematite", "Hornblende", "Howlite", "Ilmenite", "Jasper", "Kaolin", "Kyanite",
    "Limestone", "Limonite", "Magnetite", "Malachite", "Marble", "Marl", "Mica", "Natrolite", "Obsidian", "Olivine",
    "Onyx", "Perlite", "Porphyry", "Prehnite", "Pumice", "Quartz", "Rhodonite", "Rhyolite", "Rutile", "Sandstone",
    "Scheelite", "Serpentine", "Siderite", "Slate", "Sodalite", "Stilbite", "Sylvite", "Titanite", "Travertine", "Tremolite",
    "Tuff", "Variscite", "Vesuvian", "Witherite", "Wolframite", "Zeolite", "Zincite", "Zoisite",
)  # fmt: skip
NUMBERS = range(1, 100)
ALL = tuple(f"{mineral} {number:02}" for mineral in MINERALS for number in NUMBERS)


def draw_codes(taken: Collection[str], count: int, chance: Random) -> list[str]:
    """New ones, every free one as likely as any other. Raises ValueError when fewer are left."""
    gone = set(taken)
    return chance.sample([code for code in ALL if code not in gone], count)
