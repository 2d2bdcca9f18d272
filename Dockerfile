# syntax=docker/dockerfile:1
# One image for web, worker, scheduler and migrate; the command says which. Whatever it writes lies on a volume.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
RUN python3 -m venv /app
COPY requirements.txt ./
RUN /app/bin/python -m pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml README.md LICENSE fallverlauf.py ./
COPY domain domain
COPY notifications notifications
COPY services services
COPY workers workers
RUN /app/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${BASE}
COPY --from=build /app /app
# The key that reads everything, the proofs and the backups have places of their own, away from the database.
RUN mkdir -m 700 /data /keys /checkpoints /backups && chown 10001:10001 /data /keys /checkpoints /backups
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FALLVERLAUF_DATA=/data \
    FALLVERLAUF_MASTER_KEY_FILE=/keys/master.key \
    FALLVERLAUF_CHECKPOINTS=/checkpoints/checkpoints.jsonl
WORKDIR /data
USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["fallverlauf"]
CMD ["serve", "web", "--host", "0.0.0.0", "--port", "8000"]
