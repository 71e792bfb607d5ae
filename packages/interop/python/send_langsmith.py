"""LangSmith for Python: traceable functions, and OpenAI's client as it wraps it. Its argument is the SDK's tracing mode."""

import os
import sys

from langsmith import Client, traceable, tracing_context
from langsmith.wrappers import wrap_openai
from openai import OpenAI

from settings import COLLECTOR_URL, MODEL_URL, TOKEN
from weather_talk import QUESTION, weather_talk

# What goes over OTLP is told by variables alone.
os.environ["LANGSMITH_ENDPOINT"] = COLLECTOR_URL
os.environ["LANGSMITH_API_KEY"] = TOKEN
client = Client(api_url=COLLECTOR_URL, api_key=TOKEN, tracing_mode=sys.argv[1])
openai = wrap_openai(OpenAI(api_key="none", base_url=MODEL_URL), tracing_extra={"client": client})


@traceable(run_type="tool", client=client)
def weather(city: str) -> str:
    return "sunny"


@traceable(client=client, project_name="shop", metadata={"session_id": "s1", "user_id": "u1"}, tags=["a", "b"])
def clerk(question: str) -> str:
    return weather_talk(openai, weather)


with tracing_context(enabled=True):
    clerk(QUESTION)
client.flush()
