{{ config(materialized='table') }}
{%- set relation = ref('renamed') %}
select
    '{{ relation.database }}' as a,
    '{{ relation.schema }}' as b,
    '{{ relation.identifier }}' as c,
    '{{ relation.name }}' as d,
    '{{ relation.type }}' as e,
    '{{ relation.include(database=false) }}' as f,
    '{{ relation.quote(identifier=false) }}' as g,
    '{{ relation.without_identifier() }}' as h,
    '{{ this }}' as i,
    '{{ this.identifier }}' as j,
    '{{ api.Relation.create(database='x', schema='y', identifier='z') }}' as k,
    '{{ target.name }} {{ target.schema }} {{ target.type }} {{ target.profile_name }}' as l,
    '{{ model.name }} {{ model.alias }} {{ model.unique_id }}' as m,
    '{{ adapter.quote("q") }}' as n,
    '{{ relation.render() }}' as o,
    '{{ source('outside', 'order').identifier }}' as p
from {{ relation }} limit 1
