# RoleAssess on Debian 12, the same as on a server without Docker (docs/operating.md).
# Python 3.11, Pango and PostgreSQL 15's tools are Debian's, which mends them until 2028.
#
# Pinned by tag, not by digest: no registry could be asked for one where this file was written and
# tried. Pin it yourself: docker buildx imagetools inspect debian:12.15-slim
FROM debian:12.15-slim AS system

# Certificates for the mail server, text layout and a font for PDF, pg_dump for backups. Their
# versions are those of Debian 12 with its latest security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
        postgresql-client-15 python3 \
    && rm -rf /var/lib/apt/lists/*


FROM system AS build

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/roleassess
RUN python3 -m venv .venv
# Before the code, so that a change of the code alone fetches nothing.
COPY requirements.txt ./
# Exactly what the lock names, and nothing is built here.
RUN .venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --no-deps \
        --requirement requirements.txt

COPY . ./
# The file system is read-only later, so that what Python compiles must be there. The settings ask
# for a key, a site and a database; collecting static files uses none of them.
RUN .venv/bin/python -m compileall -q assessments roleassess \
    && SECRET_KEY="$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')" \
        SITE_URL=https://build.internal DATABASE_URL=sqlite:////nowhere/db.sqlite3 \
        STATIC_ROOT=/opt/roleassess/static-collected \
        .venv/bin/python manage.py collectstatic --noinput --verbosity 0


FROM system

# Always the same number, for whoever mounts folders of the host. Volumes take over these owners.
RUN groupadd --gid 10001 roleassess \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/roleassess \
        --shell /usr/sbin/nologin roleassess \
    && install --directory --owner=roleassess --group=roleassess --mode=0700 \
        /var/lib/roleassess /var/backups/roleassess

WORKDIR /opt/roleassess
# Owned by root: the site cannot change its own code.
COPY --from=build /opt/roleassess ./

ENV PATH=/opt/roleassess/.venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BIND=0.0.0.0:8000 \
    STATIC_ROOT=/opt/roleassess/static-collected \
    ERASURES_FILE=/var/lib/roleassess/erasures.jsonl

USER 10001:10001
# All that is ever written, besides /tmp.
VOLUME ["/var/lib/roleassess", "/var/backups/roleassess"]
EXPOSE 8000
# To gunicorn: finish what is under way, then stop.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "--config=gunicorn.conf.py", "roleassess.wsgi"]
