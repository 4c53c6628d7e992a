select id, region from {{ ref('by_time') }} where dbt_valid_to is null
