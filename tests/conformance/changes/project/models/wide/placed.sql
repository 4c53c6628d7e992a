{{ config(schema=target.name ~ '_x') }} select 1 as id
