{% set relations = [ref('numbers'), ref('chooses')] %}
{% call(r) each(relations) %}select n from {{ r }}{% endcall %}
