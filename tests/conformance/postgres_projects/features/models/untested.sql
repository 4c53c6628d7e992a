select kind, count(*) as n from {{ ref('happenings') }} group by kind
