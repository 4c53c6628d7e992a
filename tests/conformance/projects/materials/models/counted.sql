{{ config(pre_hook="create table if not exists notes (who varchar)", post_hook=["insert into notes values ('{{ this.name }}')"]) }}
select 1 as n
