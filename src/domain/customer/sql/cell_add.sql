insert into rfm_cell (cell, count, value) values (?1, ?2, ?3)
on conflict (cell) do update set count = rfm_cell.count + excluded.count, value = rfm_cell.value + excluded.value
