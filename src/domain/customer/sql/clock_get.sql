select clock, dirty, policy, poor, pinned from state_clock where id = 1
