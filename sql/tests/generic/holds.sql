{#- An expression holds in every row; unknown values are not held against it. -#}
{% test holds(model, expression) %}
select *
from {{ model }}
where not ({{ expression }})
{% endtest %}
