{% snapshot ships_history %}
select 1 as id, 'a' as name
{% endsnapshot %}
