update state_clock set clock = :clock, dirty = :dirty, policy = :policy, poor = :poor, pinned = :pinned where id = 1
