-- Nobody in the bin has a live tier.
update customer_state set live = 0 where ranked = 0 and live <> 0
