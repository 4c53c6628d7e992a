{{ config(materialized='table', grants={'select': ['reader', 'writer'] if var('day') == 1 else ['reader'], 'insert': ['writer']}) }}
select 1 as one
