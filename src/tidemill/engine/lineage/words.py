"""Words of SQL that reading needs to know: what ends an expression, what is no name, what is part of a date."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Words with blanks between them, as a set."""
    return frozenset(words.split())


SET_OPERATORS = frozenset({"union", "intersect", "except", "minus"})

JOIN_WORDS = word_set("anti asof cross full inner join left natural outer positional right semi")

SOFT_JOIN_WORDS = frozenset({"anti", "asof", "positional", "semi"})
"""Those of them that may be names."""

CLAUSES = word_set(
    "from where group having qualify window order limit offset fetch on using lateral as pivot "
    "unpivot"
)

CLOSING = frozenset({")", "]", "}", "", ";"})
NESTED_ENDS = CLOSING
ENDS = CLOSING | CLAUSES | SET_OPERATORS | JOIN_WORDS | {","}
"""What ends an expression that stands in no parentheses."""

NO_TABLE = CLOSING | CLAUSES | SET_OPERATORS | (JOIN_WORDS - SOFT_JOIN_WORDS) | {"select", ","}
"""What cannot be the name of a table unless quoted."""

NO_ALIAS = ENDS | word_set(
    "select with for tablesample sample match_recognize set returning when then connect start cluster "
    "distribute sort at before changes"
)
"""What cannot be the alias of a table unless quoted or behind AS."""

DATE_PARTS = frozenset(
    part + plural
    for part in word_set(
        "century day dayofweek dayofyear decade doy dow epoch hour isodow isoweek isoyear microsecond "
        "millennium millisecond minute month nanosecond quarter second timezone week weekday year "
        "yearweek julian dayofmonth timezone_hour timezone_minute"
    )
    for plural in ("", "s")
) | word_set(
    "epoch_second epoch_seconds epoch_millisecond epoch_milliseconds epoch_microsecond "
    "epoch_microseconds epoch_nanosecond epoch_nanoseconds weekiso week_iso dayofweekiso dayofweek_iso "
    "weekday_iso yearofweek yearofweekiso timezone_region timezone_abbr "
    "date time dd mm yy yyyy hh mi ss ms us ns mon qtr wk dw decades centuries"
)

DATE_FUNCTIONS = word_set(
    "date_add date_diff date_part date_sub date_trunc dateadd datediff datename datepart datesub "
    "datetime_add datetime_diff datetime_sub datetime_trunc datetrunc extract last_day "
    "time_add time_diff time_slice time_sub time_trunc timestamp_add timestamp_diff timestamp_sub "
    "timestamp_trunc timestampadd timestampdiff trunc date_bucket next_day previous_day"
)
"""Functions that take a part of a date as a bare word."""

CASTS = frozenset({"cast", "try_cast", "safe_cast"})

VALUES_WITHOUT_PARENTHESES = word_set(
    "current_catalog current_date current_role current_schema current_time current_timestamp "
    "current_user localtime localtimestamp session_user sysdate today user systimestamp rownum "
    "utc_timestamp default"
)
"""What looks like a column and is a function; a column of that name wins where it is known."""

FRAME_WORDS = word_set(
    "between and unbounded preceding following current row rows range groups exclude ties no "
    "others group"
)

TYPE_TAILS = {
    "double": ("precision",),
    "character": ("varying",),
    "char": ("varying",),
    "bit": ("varying",),
    "national": ("character", "varying"),
    "timestamp": ("with", "without", "local", "time", "zone"),
    "time": ("with", "without", "time", "zone"),
    "interval": ("year", "month", "day", "hour", "minute", "second", "to"),
    "unsigned": ("integer", "int", "bigint"),
}
"""Words that go on with a type's name."""

AGGREGATES = word_set(
    "any_value approx_count_distinct approx_quantile arg_max arg_min argmax argmin array_agg avg "
    "bit_and bit_or bit_xor bool_and bool_or count count_if countif count_star covar_pop covar_samp "
    "corr entropy every favg first fsum geomean group_concat grouping histogram json_agg "
    "json_group_array json_object_agg jsonb_agg jsonb_object_agg kurtosis last list listagg mad max "
    "max_by mean median min min_by mode percentile_cont percentile_disc product quantile "
    "quantile_cont quantile_disc skewness stddev stddev_pop stddev_samp string_agg sum sumkahan "
    "var_pop var_samp variance"
)
"""Functions over many rows: GROUP BY ALL does not group by them."""

QUERY_STARTS = frozenset({"select", "with", "from", "values", "table"})
"""What begins a query inside parentheses."""
