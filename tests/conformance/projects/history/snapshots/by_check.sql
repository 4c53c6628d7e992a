{% snapshot by_check %}
{{ config(target_schema='kept', unique_key="id || '-' || name", strategy='check', check_cols=['region'],
          updated_at='updated_at', invalidate_hard_deletes=true, tags=['ends']) }}
select * from {{ ref('people') }}
{% endsnapshot %}
