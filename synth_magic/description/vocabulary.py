"""The words by which the columns of a table and the types of variables are recognised."""

from __future__ import annotations

import re

from synth_magic.spec.model import VariableType

_HEADINGS: dict[str, str] = {
    "name": "name, variable, variable name, column, column name, field, field name, feature, var,"
    " item, parameter, attribute, characteristic, characteristics",
    "label": "description, label, meaning, definition, long name, details, variable label,"
    " variable description, question",
    "type": "type, data type, datatype, dtype, kind, format, scale, variable type,"
    " measurement level",
    "unit": "unit, units, unit of measure, unit of measurement, units of measure",
    "codes": "categories, mapping, code, codes, level, levels, value, values, coding, options,"
    " choices, value labels, allowed values, permitted values, possible values,"
    " categories or mapping",
    "range": "range, bounds, limits, valid range, allowed range, min-max, min–max, interval",
    "low": "min, minimum, low, lower, lower bound, lower limit",
    "high": "max, maximum, high, upper, upper bound, upper limit",
    "statistics": "statistics, statistic, stats, summary, distribution, summary statistics,"
    " descriptive statistics, basic statistics",
    "missing": "missing, missing %, % missing, missing (%), percent missing, missingness, na, nas,"
    " missing values, missing data, share missing, missing share",
}
_ROLES = {word.strip(): role for role, words in _HEADINGS.items() for word in words.split(",")}
FIRST_HEADINGS = frozenset(word for word, role in _ROLES.items() if role == "name") | {
    "name", "id", "patient characteristic", "patient characteristics", "baseline characteristic",
    "baseline characteristics",
}  # fmt: skip

_TYPE_WORDS: dict[VariableType, str] = {
    "continuous": "continuous, float, float32, float64, double, real, numeric, numerical, number,"
    " decimal, quantitative",
    "integer": "integer, int, int32, int64, count, whole number, whole, discrete",
    "binary": "binary, bool, boolean, flag, yes/no, dichotomous, logical, indicator",
    "categorical": "categorical, category, factor, nominal, string, str, char, character, enum,"
    " object, text, categories",
    "ordinal": "ordinal, ordered, ordered factor, ordered category, ordered categorical, likert",
    "date": "date, datetime, timestamp, datetime64, day",
    "identifier": "identifier, id, key, uuid, patient id, primary key, record id",
}
_TYPES = {
    word.strip(): variable_type
    for variable_type, words in _TYPE_WORDS.items()
    for word in words.split(",")
}


def role_of(heading: str) -> str:
    """Return what a column of a table of variables holds (`name`, `unit`, ...), or nothing."""
    return _ROLES.get(re.sub(r"\s+", " ", heading.strip().strip("*_").lower()), "")


def type_of(word: str) -> VariableType | None:
    """Return the type that a word stands for: `factor` is categorical."""
    return _TYPES.get(re.sub(r"[\s_]+", " ", word.strip().strip("`*").lower()))
