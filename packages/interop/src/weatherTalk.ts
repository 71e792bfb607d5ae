import type OpenAI from "openai";

type Message = OpenAI.Chat.Completions.ChatCompletionMessageParam;

export const QUESTION = "Weather in Paris?";

const WEATHER: OpenAI.Chat.Completions.ChatCompletionTool = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};

/** Asks a chat model about the weather, calls the tool that it requests, and returns its final answer. */
export async function weatherTalk(openai: OpenAI, weather: (city: string) => Promise<string>): Promise<string> {
  const messages: Message[] = [
    { role: "system", content: "Be kind." },
    { role: "user", content: QUESTION },
  ];
  // Some SDKs record the messages only later, when the list has grown.
  const ask = () => openai.chat.completions.create({ model: "gpt-4o", messages: [...messages], tools: [WEATHER], temperature: 0.5 });
  const first = (await ask()).choices[0]?.message;
  const call = first?.tool_calls?.[0];
  if (first === undefined || call?.type !== "function") throw new Error("the model did not ask for the weather");
  const sky = await weather((JSON.parse(call.function.arguments) as { city: string }).city);
  messages.push(first, { role: "tool", tool_call_id: call.id, content: sky });
  return (await ask()).choices[0]?.message.content ?? "";
}
