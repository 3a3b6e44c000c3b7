"""Many people at once: sessions that speak Streamlit's own protocol, on the loopback only."""
