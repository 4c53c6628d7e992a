"""The semantic layer's values: semantic models, metrics and saved queries, as dbt's manifest holds them.

The fields of the inner values are dbt's, in dbt's order: what is written in YAML converts into them, and
they are written to artifacts as they stand.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from tidemill.engine.nodes.parts import DependsOn, Ref

Aggregation = Literal[
    "sum",
    "min",
    "max",
    "count_distinct",
    "sum_boolean",
    "average",
    "percentile",
    "median",
    "count",
]
Granularity = Literal[
    "nanosecond",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
]
GRANULARITIES: tuple[str, ...] = (
    "nanosecond",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
)
"""From the finest to the coarsest."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value inside a resource: keys that it does not know are refused."""


class WhereFilter(_Part, frozen=True):
    where_sql_template: str


class WhereFilters(_Part, frozen=True):
    """Conditions that must all hold; their Jinja is for those who run the query."""

    where_filters: tuple[WhereFilter, ...]


class ElementConfig(_Part, frozen=True):
    meta: dict[str, Any] = {}


# -- semantic models -----------------------------------------------------------------------------


class Defaults(_Part, frozen=True):
    agg_time_dimension: str | None = None


class NodeRelation(_Part, frozen=True):
    """Where the model of a semantic model stands in the warehouse."""

    alias: str
    schema_name: str
    database: str | None = None
    relation_name: str | None = ""


class Entity(_Part, frozen=True):
    name: str
    type: Literal["foreign", "natural", "primary", "unique"]
    description: str | None = None
    label: str | None = None
    role: str | None = None
    expr: str | None = None
    config: ElementConfig = ElementConfig()


class AggregationParameters(_Part, frozen=True):
    percentile: float | None = None
    use_discrete_percentile: bool = False
    use_approximate_percentile: bool = False


class NonAdditiveDimension(_Part, frozen=True):
    name: str
    window_choice: Aggregation
    window_groupings: tuple[str, ...] = ()


class Measure(_Part, frozen=True):
    name: str
    agg: Aggregation
    description: str | None = None
    label: str | None = None
    create_metric: bool = False
    """False in artifacts, whatever was written: the metric is made while parsing (dbt's way)."""
    expr: str | None = None
    agg_params: AggregationParameters | None = None
    non_additive_dimension: NonAdditiveDimension | None = None
    agg_time_dimension: str | None = None
    config: ElementConfig = ElementConfig()


class ValidityParameters(_Part, frozen=True):
    is_start: bool = False
    is_end: bool = False


class DimensionParameters(_Part, frozen=True):
    time_granularity: Granularity
    validity_params: ValidityParameters | None = None


class Dimension(_Part, frozen=True):
    name: str
    type: Literal["categorical", "time"]
    description: str | None = None
    label: str | None = None
    is_partition: bool = False
    type_params: DimensionParameters | None = None
    expr: str | None = None
    metadata: None = None
    config: ElementConfig = ElementConfig()

    @property
    def validity(self) -> ValidityParameters | None:
        return self.type_params.validity_params if self.type_params else None


class _Resource(msgspec.Struct, frozen=True, kw_only=True):
    """What all three kinds of resource have."""

    unique_id: str
    name: str
    package_name: str
    path: str
    original_file_path: str
    fqn: tuple[str, ...]
    config: dict[str, Any] = {}
    unrendered_config: dict[str, Any] = {}
    group: str | None = None
    depends_on: DependsOn = DependsOn()
    refs: tuple[Ref, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    line: int = 1

    @property
    def resource_type(self) -> str:
        return self.unique_id.partition(".")[0]

    @property
    def meta(self) -> dict[str, Any]:
        return self.config.get("meta") or {}


class SemanticModel(_Resource, frozen=True, kw_only=True):
    """A model described for metrics: what identifies a row, what can be measured, and by what."""

    model: str
    """As written: ``ref('orders')``."""
    node_relation: NodeRelation | None = None
    description: str | None = None
    label: str | None = None
    defaults: Defaults | None = None
    entities: tuple[Entity, ...] = ()
    measures: tuple[Measure, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    primary_entity: str | None = None

    @property
    def tags(self) -> list[str]:
        return []


# -- metrics -------------------------------------------------------------------------------------


class InputMeasure(_Part, frozen=True):
    name: str
    filter: WhereFilters | None = None
    alias: str | None = None
    join_to_timespine: bool = False
    fill_nulls_with: int | None = None


class TimeWindow(_Part, frozen=True):
    count: int
    granularity: str

    def __str__(self) -> str:
        return f"{self.count} {self.granularity}"


class InputMetric(_Part, frozen=True):
    name: str
    filter: WhereFilters | None = None
    alias: str | None = None
    offset_window: TimeWindow | None = None
    offset_to_grain: str | None = None


class ConstantProperty(_Part, frozen=True):
    base_property: str
    conversion_property: str


class ConversionParameters(_Part, frozen=True):
    base_measure: InputMeasure
    conversion_measure: InputMeasure
    entity: str
    calculation: Literal["conversions", "conversion_rate"] = "conversion_rate"
    window: TimeWindow | None = None
    constant_properties: tuple[ConstantProperty, ...] | None = None


class CumulativeParameters(_Part, frozen=True):
    window: TimeWindow | None = None
    grain_to_date: str | None = None
    period_agg: Literal["first", "last", "average"] = "first"
    metric: InputMetric | None = None


class MetricParameters(_Part, frozen=True):
    measure: InputMeasure | None = None
    input_measures: tuple[InputMeasure, ...] = ()
    """All measures that the metric comes down to; found once all metrics are known."""
    numerator: InputMetric | None = None
    denominator: InputMetric | None = None
    expr: str | None = None
    window: TimeWindow | None = None
    grain_to_date: Granularity | None = None
    metrics: tuple[InputMetric, ...] = ()
    conversion_type_params: ConversionParameters | None = None
    cumulative_type_params: CumulativeParameters | None = None
    metric_aggregation_params: dict[str, Any] | None = None
    """Always null where dbt-core 1.11 writes it."""


MetricType = Literal["simple", "ratio", "cumulative", "derived", "conversion"]


class Metric(_Resource, frozen=True, kw_only=True):
    """A number that people ask for, defined over measures or other metrics."""

    type: MetricType
    label: str
    description: str = ""
    type_params: MetricParameters = MetricParameters()
    filter: WhereFilters | None = None
    time_granularity: str | None = None
    tags: tuple[str, ...] = ()
    own_meta: dict[str, Any] = {}
    """``meta`` beside the metric; what ``config`` says counts instead, if it says anything (dbt's rule)."""

    @property
    def meta(self) -> dict[str, Any]:
        return self.config.get("meta") or self.own_meta

    @property
    def input_metrics(self) -> tuple[InputMetric, ...]:
        """The metrics that this one is made of."""
        params = self.type_params
        if self.type == "ratio":
            return tuple(m for m in (params.numerator, params.denominator) if m is not None)
        return params.metrics if self.type == "derived" else ()


# -- saved queries -------------------------------------------------------------------------------


class QueryParameters(_Part, frozen=True):
    metrics: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    where: WhereFilters | None = None
    order_by: tuple[str, ...] = ()
    limit: int | None = None


class ExportConfig(_Part, frozen=True):
    export_as: Literal["table", "view"]
    schema_name: str | None = None
    alias: str | None = None
    database: str | None = None


class Export(_Part, frozen=True):
    name: str
    config: ExportConfig
    unrendered_config: dict[str, Any] = {}


class SavedQuery(_Resource, frozen=True, kw_only=True):
    """Metrics asked together under a name, and the relations that their answer may be written to."""

    query_params: QueryParameters = QueryParameters()
    exports: tuple[Export, ...] = ()
    description: str | None = None
    label: str | None = None
    tags: tuple[str, ...] = ()
