insert into rfm_cut (version, at, ref_day, population, r1, r2, r3, r4, f1, f2, f3, f4, m1, m2, m3, m4, r_digits, f_digits, m_digits, r_sum,
  f_sum, m_sum, r_median2, f_median2, m_median2, r_max, f_max, m_max)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
  ?25, ?26, ?27, ?28)
