"""The least that an app of Streamlit's can be: what its browser side costs a new visitor."""

import streamlit as st

st.write("hi")
