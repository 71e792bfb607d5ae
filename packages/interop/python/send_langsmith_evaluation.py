"""LangSmith for Python: an evaluation over a dataset that it makes."""

from langsmith import Client

from settings import COLLECTOR_URL, TOKEN

client = Client(api_url=COLLECTOR_URL, api_key=TOKEN)
dataset = client.create_dataset("weather questions")
client.create_examples(
    dataset_id=dataset.id,
    examples=[
        {"inputs": {"city": "Rome"}, "outputs": {"sky": "sunny"}},
        {"inputs": {"city": "Oslo"}, "outputs": {"sky": "rain"}},
    ],
)


def weather(inputs: dict) -> dict:
    return {"sky": "sunny"}


def right(outputs: dict, reference_outputs: dict) -> bool:
    return outputs["sky"] == reference_outputs["sky"]


results = client.evaluate(weather, data="weather questions", evaluators=[right], experiment_prefix="first try")
scores = sorted(result.score for row in results for result in row["evaluation_results"]["results"])
assert scores == [False, True], scores
client.flush()
