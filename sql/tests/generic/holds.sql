{#- An expression holds in every row. One that is unknown does not hold: what may be unknown is said in it. -#}
{% test holds(model, expression) %}
select *
from {{ model }}
where ({{ expression }}) is not true
{% endtest %}
