-- nodes(id int, parent int, label text)
with recursive t as (
    select id, parent from nodes where parent is null
    union all
    select n.id, n.parent from nodes n join t on t.id = n.parent
) search depth first by id set position cycle id set is_cycle using path
select id, label is json object as is_document, (n.label)::text as inner_label, U&'\0441' || label as marked
from t join nodes n using (id)
