{#- As `holds`, for what a source tells now, of models that keep what it told before. A wrong answer of the past, once
    another has taken its place, is history and no fault. -#}
{% test holds_now(model, key, expression) %}
    select * from {{ latest(model, key) }}
    where ({{ expression }}) is not true
{% endtest %}
