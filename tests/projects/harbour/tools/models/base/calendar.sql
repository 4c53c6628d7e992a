{{ config(tags=['in_file'], schema='tools') }}
select 1 as day
