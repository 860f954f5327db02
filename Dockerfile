# The application as one image: web, workers, beat and migrations differ only in their command.

FROM python:3.11-slim-bookworm AS dasar
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

FROM dasar AS paket
COPY requirements.txt /
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r /requirements.txt

FROM dasar
COPY --from=paket /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY dakikm dakikm
COPY daerah daerah
COPY realisasi realisasi
COPY static static
COPY templates templates
# The code belongs to root: who breaks into the application cannot change it. It writes to VAR_DIR and /tmp only.
RUN VAR_DIR=/tmp/bangun python manage.py collectstatic --noinput --verbosity 0 \
    && rm -r /tmp/bangun \
    && python -m compileall -q dakikm daerah realisasi \
    && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin dakikm \
    && install --directory --owner=dakikm --group=dakikm --mode=0750 /var/lib/dakikm /var/lib/dakikm/berkas
ENV VAR_DIR=/var/lib/dakikm \
    PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "dakikm/pasang/sehat.py"]
# Without --bind gunicorn listens on PORT, on every address of the container.
CMD ["gunicorn", "--config", "dakikm/pasang/gunicorn.conf.py"]
