select hash from company_logo where id = 1
