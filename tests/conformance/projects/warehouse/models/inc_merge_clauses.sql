{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_clauses={
 'when_matched': [{'action': 'delete', 'condition': 'DBT_INTERNAL_SOURCE.id = 1'}, {'action':'update','mode':'explicit','update':{'include':['customer'],'set_expressions':{'run':'DBT_INTERNAL_DEST.run + 100'}}}],
 'when_not_matched': [{'action':'insert','mode':'explicit','condition':['DBT_INTERNAL_SOURCE.id <> 4', 'true'],'insert':{'columns':['id','run'],'values':['DBT_INTERNAL_SOURCE.id','-1']}}, {'action':'update','by':'source','set_expressions':{'run':'-5'}}]}) }}
select id, customer, {{ var('day') }} as run from {{ ref('base') }}
