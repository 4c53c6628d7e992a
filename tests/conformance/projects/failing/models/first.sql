select * from not_there
