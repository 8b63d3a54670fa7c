# syntax=docker/dockerfile:1
# The service alone. Runs as nobody in particular, writes nothing but what /data and the log receive, and can run with
# a read-only root: docker run --read-only --tmpfs /tmp -v notify-data:/data ...

FROM python:3.11-slim-bookworm AS built
WORKDIR /src
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY app ./app
COPY migrations ./migrations
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-index --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin notify \
    && install --directory --owner=notify --mode=0700 /data
COPY --from=built /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PLACEMENT_NOTIFY_HOST=0.0.0.0 \
    PLACEMENT_NOTIFY_PORT=8000 \
    PLACEMENT_NOTIFY_ONE_CORE=false
USER 10001
WORKDIR /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["placement-notify"]
CMD ["serve"]
