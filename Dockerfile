# Barometer in a container: `docker build -t barometer .`, then see docs/operations.md.
FROM python:3.12-slim-bookworm AS build
WORKDIR /opt/barometer
RUN python -m venv .venv
# What workers of Dask and object storage need: --build-arg EXTRAS="requirements-dask.lock requirements-s3.lock"
ARG EXTRAS=
COPY requirements.lock requirements-dask.lock requirements-s3.lock ./
RUN for lock in requirements.lock $EXTRAS; do \
        .venv/bin/pip install --no-cache-dir --require-hashes -r "$lock" || exit 1; \
    done
COPY pyproject.toml README.md LICENSE ecosystem.toml prefect.yaml ./
COPY flows flows
COPY warehouse warehouse
COPY reports reports
COPY sql sql
COPY deploy/entrypoint deploy/entrypoint
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q flows warehouse reports

FROM python:3.12-slim-bookworm
# Commits are read from the projects' git histories.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends git && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin barometer \
    && install -d -o barometer -g barometer /data /site
COPY --from=build /opt/barometer /opt/barometer
# A site is replaced by rename, which a mounted folder itself cannot be: hence a folder within one.
ENV BAROMETER_DATA=/data BAROMETER_SITE=/site/barometer PREFECT_HOME=/data/prefect \
    PREFECT_SERVER_ANALYTICS_ENABLED=false PYTHONUNBUFFERED=1 HOME=/data PATH=/opt/barometer/.venv/bin:$PATH
USER barometer
WORKDIR /opt/barometer
VOLUME ["/data", "/site"]
HEALTHCHECK --interval=60s --timeout=10s --start-period=120s --retries=3 CMD ["deploy/entrypoint", "healthy"]
ENTRYPOINT ["deploy/entrypoint"]
CMD ["serve"]
