import { expect, test } from "vitest";
import { clampAt } from "./ClampedText.tsx";
import { prettyJson } from "./JsonView.tsx";

test("a text that is a JSON document is shown as JSON, other text unchanged", () => {
  expect(prettyJson('{"größe":1}')).toEqual({ text: '{\n  "größe": 1\n}', isJson: true });
  expect(prettyJson("42")).toEqual({ text: "42", isJson: false });
  expect(prettyJson("{broken")).toEqual({ text: "{broken", isJson: false });
});

test("short text is whole, long text is cut after its lines", () => {
  expect(clampAt("a\nb\nc", 3)).toBeNull();
  expect(clampAt("a\nb\nc\nd", 3)).toBe("a\nb\nc\n".length);
  expect(clampAt("x".repeat(1_000), 3, 100)).toBe(300);
  expect(clampAt("", 3)).toBeNull();
});
