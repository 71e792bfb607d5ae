import type { Scene, ToolCallRequest, ToolService } from "@signalbox/model";
import { expect, test } from "vitest";

/** A tool service under test; each call of `newScene` gives a pristine scene of the small world. */
export interface ToolServiceUnderTest {
  readonly service: ToolService;
  newScene(): Scene;
}

const BAGS = {
  name: "update_reservation_baggages",
  arguments: { reservation_id: "R00001", total_baggages: 3, nonfree_baggages: 1, payment_id: "gift_1" },
};
const CANCEL = { name: "cancel_reservation", arguments: { reservation_id: "R00001" } };
const USER = { name: "get_user_details", arguments: { user_id: "ada_1" } };

/** The contract of every tool service, wherever it runs. */
export function toolServiceContract(name: string, open: () => ToolServiceUnderTest): void {
  const call = (scene: Scene, request: ToolCallRequest["call"], idempotencyKey = "1") =>
    open().service.call({ scene, idempotencyKey, call: request });

  test(`${name}: a domain's tools are listed by name, with what they take`, async () => {
    const tools = await open().service.list({ domain: "airline" });
    expect(tools.map(({ name: tool }) => tool)).toEqual(tools.map(({ name: tool }) => tool).sort());
    const parameters = expect.objectContaining({ type: "object", required: ["reservation_id"] });
    expect(tools).toContainEqual({ name: "cancel_reservation", description: expect.any(String), parameters, endsEpisode: false });
    await expect(open().service.list({ domain: "nowhere" })).rejects.toMatchObject({ code: "invalid_input" });
  });

  test(`${name}: a call answers what the agent reads`, async () => {
    const scene = open().newScene();
    expect(await call(scene, { name: "think", arguments: { thought: "hm" } })).toEqual({
      output: "",
      isError: false,
      endsEpisode: false,
      replayed: false,
    });
  });

  test(`${name}: a tool's refusal is an answer, and so is an unknown tool`, async () => {
    const scene = open().newScene();
    expect(await call(scene, { name: "cancel_reservation", arguments: { reservation_id: "X" } }, "1")).toMatchObject({
      output: "Error: reservation not found",
      isError: true,
    });
    expect(await call(scene, { name: "teleport", arguments: {} }, "2")).toMatchObject({ output: "Unknown action teleport", isError: true });
  });

  test(`${name}: handing over to a person ends the episode`, async () => {
    const scene = open().newScene();
    expect(await call(scene, { name: "transfer_to_human_agents", arguments: { summary: "s" } })).toMatchObject({ endsEpisode: true });
  });

  test(`${name}: a later call sees what an earlier one did, another scene does not`, async () => {
    const [scene, other] = [open().newScene(), open().newScene()];
    await call(scene, BAGS, "1");
    expect((await call(scene, USER, "2")).output).toContain('"gift_1": {"source": "gift_card", "amount": 50');
    expect((await call(other, USER, "2")).output).toContain('"gift_1": {"source": "gift_card", "amount": 100');
  });

  test(`${name}: the same key answers the same and does nothing again, even when asked for many times at once`, async () => {
    const scene = open().newScene();
    const answers = await Promise.all(Array.from({ length: 8 }, () => call(scene, CANCEL)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ output }) => output)).size).toBe(1);
    expect(
      JSON.parse((await call(scene, { name: "get_reservation_details", arguments: { reservation_id: "R00001" } }, "2")).output),
    ).toMatchObject({
      payment_history: [{ amount: 90 }, { amount: -90 }],
    });
  });

  test(`${name}: a key that was another call's is refused`, async () => {
    const scene = open().newScene();
    await call(scene, CANCEL);
    await expect(call(scene, USER)).rejects.toMatchObject({ code: "conflict" });
  });

  test(`${name}: the order of an argument's keys reaches the tool`, async () => {
    const passengers = [{ zeta: "1", last_name: "é😀", alpha: "2" }];
    const { output } = await call(open().newScene(), {
      name: "update_reservation_passengers",
      arguments: { passengers, reservation_id: "R00001" },
    });
    expect(output).toContain('"passengers": [{"zeta": "1", "last_name": "\\u00e9\\ud83d\\ude00", "alpha": "2"}]');
  });

  test(`${name}: an untouched scene has no changes, and its hash is the world's`, async () => {
    const [first, second] = [open().newScene(), open().newScene()];
    await call(first, USER);
    expect(await open().service.state(first)).toEqual(await open().service.state(second));
    expect(await open().service.state(first)).toMatchObject({ changed: {}, dataHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test(`${name}: the state names every changed document, whatever the order of its keys`, async () => {
    const [first, second] = [open().newScene(), open().newScene()];
    const passenger = { first_name: "A", last_name: "B", dob: "2000-01-01" };
    const rename = (who: object) => ({ name: "update_reservation_passengers", arguments: { reservation_id: "R00001", passengers: [who] } });
    await call(first, rename(passenger));
    await call(second, rename({ dob: "2000-01-01", last_name: "B", first_name: "A" }));
    const state = await open().service.state(first);
    expect(Object.keys(state.changed)).toEqual(["reservations/R00001"]);
    expect(JSON.parse(state.changed["reservations/R00001"] ?? "")).toMatchObject({ passengers: [passenger] });
    expect(await open().service.state(second)).toEqual(state);
  });

  test(`${name}: a document that was changed back is no change`, async () => {
    const [scene, untouched] = [open().newScene(), open().newScene()];
    const bags = (total_baggages: number) => ({ ...BAGS, arguments: { ...BAGS.arguments, nonfree_baggages: 0, total_baggages } });
    await call(scene, bags(3), "1");
    expect(Object.keys((await open().service.state(scene)).changed)).toEqual(["reservations/R00001"]);
    await call(scene, bags(1), "2");
    expect(await open().service.state(scene)).toEqual(await open().service.state(untouched));
  });

  test(`${name}: a world that is not loaded is not found, and a scene needs an overlay`, async () => {
    const scene = open().newScene();
    const nowhere = { ...scene, world: "nowhere" };
    await expect(call(nowhere, USER)).rejects.toMatchObject({ code: "not_found" });
    await expect(open().service.state(nowhere)).rejects.toMatchObject({ code: "not_found" });
    await expect(call({ ...scene, overlay: "" }, USER)).rejects.toMatchObject({ code: "invalid_input" });
  });
}
