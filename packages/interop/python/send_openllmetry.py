"""OpenLLMetry's instrumentation of OpenAI's client for Python, as it comes without Traceloop's SDK."""

from openai import OpenAI
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

from settings import MODEL_URL
from tracer_provider import tracer_provider
from weather_talk import QUESTION, weather_talk

OpenAIInstrumentor().instrument(tracer_provider=tracer_provider)
tracer = tracer_provider.get_tracer("clerk")
openai = OpenAI(api_key="none", base_url=MODEL_URL)


def weather(city: str) -> str:
    with tracer.start_as_current_span("execute_tool weather") as span:
        span.set_attribute("gen_ai.operation.name", "execute_tool")
        span.set_attribute("gen_ai.tool.name", "weather")
        return "sunny"


with tracer.start_as_current_span("invoke_agent clerk") as span:
    span.set_attribute("gen_ai.operation.name", "invoke_agent")
    span.set_attribute("gen_ai.agent.name", "clerk")
    span.set_attribute("gen_ai.conversation.id", "s1")
    weather_talk(openai, weather)
openai.embeddings.create(model="text-embedding-3-small", input="sunny")
tracer_provider.shutdown()
