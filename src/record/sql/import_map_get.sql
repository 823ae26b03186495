select map from import_map where object = ?1 and header = ?2
