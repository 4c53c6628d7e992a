select b.account, b.balance, old.balance as old_balance
from {{ ref('balance') }} as b
join {{ ref('balance', v=1) }} as old using (account)
where b.account = 'sales'
