import { expect, test } from "vitest";
import { readDocuments } from "./readDocuments.ts";

test("each line is a document, whether its text is called text or content", () => {
  const lines = [
    '{"id":1,"text":"One"}',
    "",
    '{"id":"b","title":"Two","content":"More","attributes":{"year":2026,"topic":"cards"},"score":7}',
  ];
  expect(readDocuments("kb.jsonl", lines.join("\r\n"))).toEqual([
    { id: "1", title: "", text: "One", attributes: {} },
    { id: "b", title: "Two", text: "More", attributes: { year: "2026", topic: "cards" } },
  ]);
});

test("a Markdown text is one document, called by its first heading", () => {
  expect(readDocuments("cards/lost.md", "Intro\n\n## Lost cards ##\n\nBlock it.")).toEqual([
    { id: "cards/lost.md", title: "Lost cards", text: "Intro\n\n## Lost cards ##\n\nBlock it.", attributes: {} },
  ]);
  expect(readDocuments("plain.md", "No heading")[0]?.title).toBe("plain.md");
});

test.each([
  ["kb.jsonl", '{"id":"a","text":"x"}\n{"id"', "kb.jsonl, line 2: this is not valid JSON"],
  ["kb.jsonl", '{"text":"x"}', "kb.jsonl, line 1: id:"],
  ["kb.jsonl", '{"id":"a"}', "kb.jsonl, line 1: text:"],
  ["empty.md", "", "empty.md: text:"],
  ["kb.pdf", "x", "of no kind that is read here"],
])("a mistake in %s is told with its place: %j", (name, text, message) => {
  expect(() => readDocuments(name, text)).toThrow(message);
});
