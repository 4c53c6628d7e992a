{% if execute %}{{ exceptions.raise_compiler_error("no, " ~ model.name) }}{% endif %} select 1 as n
