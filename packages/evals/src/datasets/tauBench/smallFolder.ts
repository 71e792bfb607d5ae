import type { Folder } from "./readTauBench.ts";

const TOOL_CALL = { id: "call_1", type: "function", function: { name: "get_user_details", arguments: '{"user_id": "ada_1"}' } };

const TRAJECTORY = {
  task_id: 0,
  trial: 0,
  reward: 1,
  info: {
    task: {
      user_id: "ada_1",
      instruction: "You are ada_1.",
      actions: [{ name: "cancel_reservation", kwargs: { reservation_id: "R00001" } }],
      outputs: ["90"],
    },
    reward_info: { info: { gt_data_hash: "a".repeat(64) } },
  },
  traj: [
    { role: "system", content: "Be kind." },
    { role: "user", content: "Hello, who am I?" },
    { role: "assistant", content: null, tool_calls: [TOOL_CALL] },
    { role: "tool", tool_call_id: "call_1", name: "get_user_details", content: "{}" },
    { role: "assistant", content: "You are Ada." },
    { role: "user", content: "###STOP###" },
  ],
};

const FILES = {
  "flights.json": {},
  "reservations.json": {},
  "users.json": {
    ada_1: {
      name: { first_name: "Ada", last_name: "Abara" },
      address: { address1: "1 Signal Road", city: "Denver", country: "USA", state: "CO", zip: "80014" },
      email: "ada@example.com",
      dob: "1990-01-01",
      payment_methods: {},
      saved_passengers: [],
      membership: "gold",
      reservations: [],
    },
  },
  "policy.md": "Be kind.",
  "tasks.json": [{ id: 0, user_id: "ada_1", instruction: "Your user id is ada_1.", actions: [], outputs: [] }],
  "tools.json": [{ type: "function", function: { name: "get_user_details", description: "", parameters: {} } }],
  "trajectories-dev.json": [TRAJECTORY],
};

/**
 * A τ-bench folder with one task and one conversation, for tests; `change`
 * may break it. Strings are files as they are, other values become JSON.
 */
export function smallFolder(change: (files: typeof FILES & Record<string, unknown>) => void = () => undefined): Folder {
  const files = structuredClone(FILES);
  change(files);
  const texts = Object.entries(files).map(([name, file]) => [name, typeof file === "string" ? file : JSON.stringify(file)] as const);
  const byName = new Map(texts.filter(([, text]) => text !== undefined));
  return { name: "/small", list: async () => [...byName.keys()], read: async (name) => byName.get(name) ?? "" };
}
