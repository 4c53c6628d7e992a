select m from {{ ref('middle') }}
