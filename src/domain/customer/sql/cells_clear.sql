delete from rfm_cell
