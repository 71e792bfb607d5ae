"""Arize's OpenInference for Python: its decorators for agents and tools, and its instrumentation of OpenAI's client."""

from openai import OpenAI
from openinference.instrumentation import OITracer, TraceConfig, using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor

from settings import MODEL_URL
from tracer_provider import tracer_provider
from weather_talk import QUESTION, weather_talk

OpenAIInstrumentor().instrument(tracer_provider=tracer_provider)
tracer = OITracer(tracer_provider.get_tracer("clerk"), config=TraceConfig())
openai = OpenAI(api_key="none", base_url=MODEL_URL)


@tracer.tool
def weather(city: str) -> str:
    return "sunny"


@tracer.agent
def clerk(question: str) -> str:
    return weather_talk(openai, weather)


with using_attributes(session_id="s1", user_id="u1", tags=["a", "b"]):
    clerk(QUESTION)
    openai.embeddings.create(model="text-embedding-3-small", input="sunny")
tracer_provider.shutdown()
