insert into trial_terms (rowid, terms) values (:id, :terms)
