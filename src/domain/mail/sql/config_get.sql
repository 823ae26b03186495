select value from setting where key = 'mail'
