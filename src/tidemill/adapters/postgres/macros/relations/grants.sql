{# Who may do what with a relation, apart from its owner. #}

{% macro postgres__get_show_grant_sql(relation) %}
  select grantee, privilege_type
  from {{ relation.information_schema('role_table_grants') }}
  where table_schema = '{{ relation.schema }}'
    and table_name = '{{ relation.identifier }}'
    and grantor = current_role
    and grantee <> current_role
{% endmacro %}


{# A new table starts without the grants of the one that it replaces. #}
{% macro postgres__copy_grants() %}
  {{ return(False) }}
{% endmacro %}
