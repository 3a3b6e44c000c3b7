#!/bin/sh
# Start the server, and open every page once beside it before anyone asks (DLVIZ_WARM_UP=0: do not).
set -eu
port="${PORT:-8501}"
if [ "${DLVIZ_WARM_UP:-1}" = 1 ]; then
  python deploy/health.py --warm-up "http://127.0.0.1:$port" &
fi
exec python -m streamlit run app.py --server.headless true --server.address 0.0.0.0 \
  --server.port "$port" --server.fileWatcherType none
