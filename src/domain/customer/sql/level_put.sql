insert into tier_level (level, count, value, positive, revenue, assigned, exploration, formation, stable, decline) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
on conflict (level) do update set count = excluded.count, value = excluded.value, positive = excluded.positive, revenue = excluded.revenue,
  assigned = excluded.assigned, exploration = excluded.exploration, formation = excluded.formation,
  stable = excluded.stable, decline = excluded.decline
