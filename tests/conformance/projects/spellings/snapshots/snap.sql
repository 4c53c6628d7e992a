{% snapshot snap %}{{ config(strategy='check', unique_key='code', check_cols=['n']) }}select * from {{ ref('plain') }}{% endsnapshot %}
