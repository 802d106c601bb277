FROM python:3.12-slim
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY fhir_server fhir_server
COPY mappings mappings
COPY profiles profiles
COPY terminology terminology
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
 && useradd --create-home fhir && mkdir /data && chown fhir /data
USER fhir
WORKDIR /data
ENV HOST=0.0.0.0 PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/ready', timeout=4)"]
CMD ["fhir-server", "serve"]
