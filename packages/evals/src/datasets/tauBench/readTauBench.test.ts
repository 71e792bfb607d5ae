import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@signalbox/model";
import { describe, expect, test } from "vitest";
import { readTauBench } from "./readTauBench.ts";
import { smallFolder } from "./smallFolder.ts";

type Change = Parameters<typeof smallFolder>[0];
type Files = Parameters<NonNullable<Change>>[0];

const conversation = (files: Files) => files["trajectories-dev.json"][0] as NonNullable<Files["trajectories-dev.json"][0]>;

test("a folder is read with its documents as they are and its messages in order", async () => {
  const folder = smallFolder((files) => {
    files["trajectories-late.json"] = [{ ...conversation(files), trial: 1 }];
  });
  const { data, policy, tasks, tools, trajectories } = await readTauBench(folder);
  expect(Object.keys(data.users.ada_1?.address ?? {})).toEqual(["address1", "city", "country", "state", "zip"]);
  expect([policy, tasks.length, tools.length]).toEqual(["Be kind.", 1, 1]);
  expect(trajectories.map(({ trial }) => trial)).toEqual([0, 1]);
});

test.each<[string, NonNullable<Change>]>([
  ["users.json is missing in /small", (files) => Reflect.deleteProperty(files, "users.json")],
  [
    "trajectories*.json is missing in /small: there is no recorded conversation to import",
    (files) => Reflect.deleteProperty(files, "trajectories-dev.json"),
  ],
  [
    "flights.json, line 3: this is not valid JSON",
    (files) => Object.assign(files, { "flights.json": '{\n  "HAT001": {},\n  HAT002: {}\n}' }),
  ],
  ["tasks.json, line 1: this is not valid JSON", (files) => Object.assign(files, { "tasks.json": "" })],
  ["users.json: ada_1.dob: it has to be a text", (files) => Object.assign(files["users.json"].ada_1, { dob: 1990 })],
  ["tasks.json: [0].user_id: it is missing", (files) => Reflect.deleteProperty(files["tasks.json"][0] ?? {}, "user_id")],
  ["trajectories-dev.json: there is no recorded conversation in it", (files) => Object.assign(files, { "trajectories-dev.json": [] })],
  ["trajectories-dev.json: it has to be a list", (files) => Object.assign(files, { "trajectories-dev.json": {} })],
  [
    "trajectories-dev.json: [0].traj[1].content: it has to be a text",
    (files) => Object.assign(conversation(files).traj[1] ?? {}, { content: null }),
  ],
  ["trajectories-dev.json: [0].task_id: tasks.json has no task 7", (files) => Object.assign(conversation(files), { task_id: 7 })],
  [
    "trajectories-dev.json: [1]: task 0, trial 0 is there twice: first at trajectories-dev.json: [0]",
    (files) => files["trajectories-dev.json"].push(conversation(files)),
  ],
  [
    "trajectories-dev.json: [0].traj[3]: a message of the assistant stands where one of the tool is due",
    (files) => conversation(files).traj.splice(3, 1),
  ],
  ["trajectories-dev.json: [0].traj[3]: a message of the tool is missing at the end", (files) => conversation(files).traj.splice(3)],
  [
    "trajectories-dev.json: [0].traj[3].tool_call_id: the call before it has the id call_1",
    (files) => Object.assign(conversation(files).traj[3] ?? {}, { tool_call_id: "call_2" }),
  ],
  [
    "trajectories-dev.json: [0].traj[3].name: the call before it is of get_user_details",
    (files) => Object.assign(conversation(files).traj[3] ?? {}, { name: "think" }),
  ],
  [
    "trajectories-dev.json: [0].traj[2].tool_calls[0].function.arguments: this text is not a JSON object",
    (files) => Object.assign(conversation(files).traj[2]?.tool_calls?.[0]?.function ?? {}, { arguments: "[1]" }),
  ],
  [
    "trajectories-dev.json: [0].traj[0]: a message of the user stands where one of the system is due",
    (files) => conversation(files).traj.shift(),
  ],
])("a wrong folder is refused: %s", async (message, change) => {
  const refused = await readTauBench(smallFolder(change)).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect(refused).toMatchObject({ code: "invalid_input", message });
});

const testData = process.env.SIGNALBOX_TEST_DATA;
describe.skipIf(testData === undefined)("the recorded airline folder", () => {
  test("is read whole", async () => {
    const root = join(testData ?? "", "tau-bench-airline");
    const { data, tasks, tools, trajectories } = await readTauBench({
      name: root,
      list: () => readdir(root),
      read: (name) => readFile(join(root, name), "utf8"),
    });
    const count = (documents: object): number => Object.keys(documents).length;
    expect([count(data.flights), count(data.reservations), count(data.users)]).toEqual([300, 2000, 500]);
    expect([tasks.length, tools.length, trajectories.length]).toEqual([50, 14, 100]);
    expect(trajectories.reduce((messages, { traj }) => messages + traj.length, 0)).toBe(2658);
  });
});
