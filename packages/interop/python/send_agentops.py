"""AgentOps for Python: its decorators, and its own instrumentation of OpenAI's client."""

import agentops
from agentops.sdk.decorators import agent, operation, tool

from settings import COLLECTOR_URL, MODEL_URL, UUID_KEY
from weather_talk import QUESTION, weather_talk

agentops.init(
    api_key=UUID_KEY,
    endpoint=COLLECTOR_URL,
    exporter_endpoint=f"{COLLECTOR_URL}/v1/traces",
    app_url=COLLECTOR_URL,
    auto_start_session=False,
    fail_safe=False,
)
from openai import OpenAI  # noqa: E402  It is instrumented when it is loaded after AgentOps.

openai = OpenAI(api_key="none", base_url=MODEL_URL)


@tool(name="weather")
def weather(city: str) -> str:
    return "sunny"


@agent(name="clerk")
class Clerk:
    @operation(name="answer")
    def answer(self, question: str) -> str:
        return weather_talk(openai, weather)


trace = agentops.start_trace("trip", tags=["a", "b"])
Clerk().answer(QUESTION)
agentops.end_trace(trace, end_state="Success")
