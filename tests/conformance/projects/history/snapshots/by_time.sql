{% snapshot by_time %}
{{ config(unique_key='id', strategy='timestamp', updated_at='updated_at', snapshot_meta_column_names={'dbt_valid_from': 'dbt_valid_from'}) }}
select * from {{ ref('people') }}
{% endsnapshot %}
