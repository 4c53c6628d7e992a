select 1 as one -- in place of the package's
