import { TaskRequest } from "@signalbox/model";
import { expect, test } from "vitest";
import { readTauBench } from "./readTauBench.ts";
import { recordedConversation } from "./recordedConversation.ts";
import { smallFolder } from "./smallFolder.ts";

async function firstConversation(change?: Parameters<typeof smallFolder>[0]) {
  const { trajectories } = await readTauBench(smallFolder(change));
  const [first] = trajectories.map(recordedConversation);
  if (first === undefined) throw new Error("the small folder has a conversation");
  return first;
}

test("the first user message opens the task, and what is said after it are its turns, without the tools' outputs", async () => {
  const { request } = await firstConversation();
  expect(request.message).toBe("Hello, who am I?");
  expect(request.planner).toEqual({
    kind: "recorded",
    model: "gpt-4o",
    provider: "openai",
    system: "Be kind.",
    turns: [
      { role: "assistant", content: null, toolCall: { id: "call_1", name: "get_user_details", arguments: { user_id: "ada_1" } } },
      { role: "assistant", content: "You are Ada.", toolCall: null },
      { role: "user", content: "###STOP###" },
    ],
  });
});

test("the task is one that the gateway accepts, with what is right for it", async () => {
  const { request } = await firstConversation();
  expect(TaskRequest.safeParse({ ...request, world: "w" }).error).toBeUndefined();
  expect(request.expectation).toEqual({
    actions: [{ name: "cancel_reservation", arguments: { reservation_id: "R00001" } }],
    outputs: ["90"],
    endsWithin: 30,
  });
});

test("the order of a call's arguments is kept", async () => {
  const { request } = await firstConversation((files) => {
    const call = files["trajectories-dev.json"][0]?.traj[2]?.tool_calls?.[0]?.function;
    Object.assign(call ?? {}, { arguments: '{"z": 1, "a": {"y": 1, "b": 2}}' });
  });
  expect(JSON.stringify(request.planner)).toContain('"arguments":{"z":1,"a":{"y":1,"b":2}}');
});

test("the recorded outcome is kept apart from the conversation", async () => {
  expect((await firstConversation()).recorded).toEqual({ reward: 1, toolOutputs: ["{}"], gtDataHash: "a".repeat(64) });
  const unfinished = await firstConversation((files) => {
    Object.assign(files["trajectories-dev.json"][0] ?? {}, { reward: 0 });
    Object.assign(files["trajectories-dev.json"][0]?.info ?? {}, { reward_info: null });
  });
  expect(unfinished.recorded).toEqual({ reward: 0, toolOutputs: ["{}"], gtDataHash: null });
});
