select level, count, value, positive, revenue, assigned, exploration, formation, stable, decline from tier_level order by level
