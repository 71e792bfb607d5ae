import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readToolSettings, termsOf, whyNotAllowed } from "./toolSettings.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-tools-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string, env: Record<string, string> = {}) {
  const path = join(folder, "tools.json");
  writeFileSync(path, text);
  return readToolSettings(path, env);
}

const weather = {
  url: "https://weather.example/mcp",
  headers: { authorization: `Bearer \${WEATHER_KEY}` },
  tools: { banking: ["forecast"] },
};

test("a tool's own settings override the default terms, and the defaults hold for the rest", () => {
  const settings = read(JSON.stringify({ tools: { banking: { make_transfer: { timeoutMs: 100 } } } }));
  expect(termsOf(settings, "banking", "make_transfer")).toEqual({ timeoutMs: 100 });
  expect(termsOf(settings, "airline", "make_transfer")).toEqual({ timeoutMs: 5_000 });
});

test("a secret comes from the environment, and a missing one is named", () => {
  const settings = read(JSON.stringify({ mcpServers: { weather } }), { WEATHER_KEY: "rain" });
  expect(settings.mcpServers.weather).toMatchObject({ headers: { authorization: "Bearer rain" } });
  expect(() => read(JSON.stringify({ mcpServers: { weather } }))).toThrow(
    expect.objectContaining({ message: expect.stringContaining("WEATHER_KEY") }),
  );
});

test.each([
  ["no JSON", "{", "tools.json"],
  ["an unknown field", JSON.stringify({ colour: "red" }), "colour"],
  ["a server's name with a dot", JSON.stringify({ mcpServers: { "my.weather": weather } }), "my.weather"],
  ["a server that is neither program nor address", JSON.stringify({ mcpServers: { weather: { tools: {} } } }), "weather"],
  [
    "a timeout that callers would not wait for",
    JSON.stringify({ tools: { banking: { make_transfer: { timeoutMs: 60_000 } } } }),
    "timeoutMs",
  ],
])("%s is refused, and the message names it", (_what, text, named) => {
  expect(() => read(text, { WEATHER_KEY: "" })).toThrow(
    expect.objectContaining({ code: "infrastructure", message: expect.stringContaining(named) }),
  );
});

test("a missing file is named", () => {
  expect(() => readToolSettings(join(folder, "nowhere.json"), {})).toThrow(
    expect.objectContaining({ message: expect.stringContaining("nowhere.json") }),
  );
});

test("only the named agent versions may call a tool; calls that no agent makes are allowed", () => {
  const terms = { timeoutMs: 1, concurrencyMax: 1, agentVersions: ["2.0.0"] };
  expect(whyNotAllowed(terms, "make_transfer", "1.0.0")).toContain("1.0.0");
  expect(whyNotAllowed(terms, "make_transfer", "2.0.0")).toBeNull();
  expect(whyNotAllowed(terms, "make_transfer", undefined)).toBeNull();
  expect(whyNotAllowed({ timeoutMs: 1, concurrencyMax: 1 }, "make_transfer", "1.0.0")).toBeNull();
});
