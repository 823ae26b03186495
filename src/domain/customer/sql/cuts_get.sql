-- The cuts in force: the newest version.
select version, at, ref_day, population, r1, r2, r3, r4, f1, f2, f3, f4, m1, m2, m3, m4, r_digits, f_digits, m_digits, r_sum,
  f_sum, m_sum, r_median2, f_median2, m_median2, r_max, f_max, m_max
from rfm_cut order by version desc limit 1
