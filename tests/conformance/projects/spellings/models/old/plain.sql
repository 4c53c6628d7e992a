{{- config(tags='single') -}}
{{ config({'meta': {'by': 'config'}}) }}
select code, 1 as n from {{ ref("coded") }}
