"""What the clients that talk to a model say to it."""

import json

QUESTION = "Weather in Paris?"

_WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


def weather_talk(openai, weather):
    """Asks a chat model about the weather, calls the tool that it asks for, and answers what it then says."""
    messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": QUESTION}]

    def ask():
        answer = openai.chat.completions.create(model="gpt-4o", messages=messages, tools=[_WEATHER], temperature=0.5)
        return answer.choices[0].message

    first = ask()
    call = first.tool_calls[0]
    sky = weather(json.loads(call.function.arguments)["city"])
    messages.append(first.model_dump(exclude_none=True))
    messages.append({"role": "tool", "tool_call_id": call.id, "content": sky})
    return ask().content
