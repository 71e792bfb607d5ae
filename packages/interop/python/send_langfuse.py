"""Langfuse for Python: an agent and a tool by its decorator, and OpenAI's client as it wraps it."""

from langfuse import Langfuse, get_client, observe, propagate_attributes

from settings import COLLECTOR_URL, MODEL_URL, PUBLIC_KEY, SECRET_KEY
from weather_talk import QUESTION, weather_talk

Langfuse(public_key=PUBLIC_KEY, secret_key=SECRET_KEY, base_url=COLLECTOR_URL, environment="staging", release="1.2.3")
from langfuse.openai import OpenAI  # noqa: E402  It looks for the client above when it is loaded.

openai = OpenAI(api_key="none", base_url=MODEL_URL)


@observe(as_type="tool")
def weather(city: str) -> str:
    return "sunny"


@observe(as_type="agent")
def clerk(question: str) -> str:
    return weather_talk(openai, weather)


with propagate_attributes(session_id="s1", user_id="u1", tags=["a", "b"]):
    clerk(QUESTION)
get_client().shutdown()
