select cell, count, value from rfm_cell order by cell
