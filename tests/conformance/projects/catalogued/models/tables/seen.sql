{{ config(docs={'show': false, 'node_color': 'gold'}) }}
select id from {{ ref('numbers') }} join {{ source('around', 'words') }} using (id)
