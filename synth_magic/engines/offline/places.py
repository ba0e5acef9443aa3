"""Places by which a region is named, beside those that the catalogue lists."""

from __future__ import annotations

import re
from functools import lru_cache

from synth_magic.catalogue.entries import Condition

PLACES = {
    "united_states": (
        "us", "american", "new england", "new mexico", "new york", "boston", "chicago",
        "los angeles", "san francisco", "california", "texas", "minnesota", "massachusetts",
        "north carolina", "baltimore", "philadelphia", "pima indian", "american indian", "pima",
        "arizona", "florida", "ohio", "pennsylvania", "michigan", "illinois", "wisconsin",
        "maryland", "virginia", "tennessee", "alabama", "mississippi", "louisiana", "colorado",
        "oregon", "utah", "missouri", "indiana", "connecticut", "hawaii", "new jersey",
        "seattle", "houston",
    ),
    "canada": ("toronto", "ontario", "quebec", "montreal", "vancouver"),
    "united_kingdom": (
        "london", "scottish", "welsh", "northern ireland", "ireland", "irish", "nhs", "oxford",
        "edinburgh", "glasgow",
    ),
    "western_europe": (
        "sweden", "swedish", "norway", "norwegian", "denmark", "danish", "finland", "finnish",
        "austria", "austrian", "belgian", "iceland", "luxembourg", "paris", "berlin", "amsterdam",
        "rotterdam", "europe", "european",
    ),
    "southern_europe": ("barcelona", "madrid", "rome", "milan", "lisbon", "athens", "cyprus"),
    "eastern_europe": (
        "czech", "hungarian", "romanian", "bulgaria", "serbia", "croatia", "slovakia", "slovenia",
        "lithuania", "latvia", "estonia", "ukrainian", "moscow", "warsaw", "budapest",
    ),
    "china": ("wuhan", "guangzhou", "shenzhen", "hubei", "sichuan", "taiwanese"),
    "japan": ("osaka", "kyoto", "hisayama"),
    "korea": ("busan",),
    "south_asia": (
        "punjab", "lahore", "faisalabad", "karachi", "delhi", "mumbai", "chennai", "hyderabad",
        "bangalore", "andhra pradesh", "tamil nadu", "bangladeshi", "nepalese",
        "nepali", "sri lankan", "dhaka", "kerala",
    ),
    "southeast_asia": (
        "indonesian", "philippine", "filipino", "bangkok", "hanoi", "myanmar", "cambodia", "laos",
    ),
    "middle_east": (
        "israel", "israeli", "jordanian", "lebanon", "kuwait", "qatar", "united arab emirates",
        "oman", "bahrain", "tehran", "istanbul", "iraqi", "syria", "yemen", "morocco", "tunisia",
        "algeria", "libya",
    ),
    "sub_saharan_africa": (
        "uganda", "ugandan", "tanzania", "tanzanian", "malawi", "zambia", "zimbabwe", "rwanda",
        "botswana", "mozambique", "cameroon", "senegal", "mali", "burkina faso", "congo", "gambia",
        "sudan", "nigerian", "ethiopian", "ghanaian", "south african",
    ),
    "latin_america": (
        "argentine", "argentinian", "chilean", "colombian", "peruvian", "ecuador", "venezuela",
        "guatemala", "costa rica", "cuba", "uruguay", "bolivia", "paraguay", "haiti", "sao paulo",
        "mexico city",
    ),
    "australia": ("new south wales", "queensland", "brisbane", "auckland"),
}  # fmt: skip
"""By region: countries, what is said of their people, and a few cities."""


@lru_cache(maxsize=64)
def _pattern(name: str, names: tuple[str, ...]) -> re.Pattern[str]:
    called = (name.replace("_", " "), *names, *PLACES.get(name, ()))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, called))})\b", re.IGNORECASE)


def names_of(region: Condition) -> re.Pattern[str]:
    """Return what finds a name of a region in a text."""
    return _pattern(region.name, region.synonyms)
