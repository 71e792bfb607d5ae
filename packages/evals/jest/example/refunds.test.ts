import { evaluate, expectNonInferior, scoredRun } from "@signalbox/evals";

const items = Array.from({ length: 400 }, (_, at) => ({ id: `q${at}`, input: `Where is refund ${at}?`, expectedOutput: "on its way" }));

const before = async (input: string) => (input.endsWith("7?") ? "no idea" : "It is on its way.");
const after = async () => "It is on its way.";
const broken = async () => "no idea";

async function runOf(name: string, target: (input: string) => Promise<string>) {
  return scoredRun(name, await evaluate({ items, target, scorers: ["contains"] }));
}

test("refunds are explained", async () => {
  const short = { name: "short", score: (_item: unknown, { output }: { output: unknown }) => String(output).length < 400 };
  const { scores } = await evaluate({ items, target: after, scorers: ["contains", short] });
  expect(scores.contains?.mean.value).toBeGreaterThan(0.9);
  expect(scores.short?.passed).toBe(400);
});

test("the new version is no worse", async () => {
  expectNonInferior(await runOf("before", before), await runOf("after", after), { margin: 0.03 });
});

test("a version that lost what it could is named", async () => {
  const [baseline, candidate] = [await runOf("before", before), await runOf("broken", broken)];
  expect(() => expectNonInferior(baseline, candidate, { margin: 0.03 })).toThrow(/contains/);
});
