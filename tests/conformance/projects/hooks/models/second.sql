{{
    config(
        post_hook=[
            {"sql": "insert into main.audit select 'rows ' || count(*), 'second' from {{ this }}", "transaction": true},
            before_begin("insert into main.audit values ('before begin', 'second')"),
            after_commit("insert into main.audit values ('after commit', 'second')"),
        ]
    )
}}
select upper(name) as name from {{ ref('first') }}
