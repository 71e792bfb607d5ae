import { expect, test } from "vitest";
import { readIntentRows } from "./readIntentRows.ts";

const ROWS = [
  { text: "Where is my card?", intent: "card_arrival" },
  { text: 'It says "declined",\nwhy?', intent: "declined" },
];

test.each([
  ["rows.csv", 'text,category\r\nWhere is my card?,card_arrival\r\n"It says ""declined"",\nwhy?",declined\r\n'],
  ["rows.csv", '\uFEFFid,Intent,Text\n1,card_arrival,Where is my card?\n\n2,declined,"It says ""declined"",\nwhy?"'],
  ["rows.json", JSON.stringify(ROWS.map(({ text, intent }) => [text, intent]))],
  ["rows.json", JSON.stringify(ROWS)],
  ["rows.JSONL", ROWS.map(({ text, intent }) => JSON.stringify({ text, label: intent, more: 1 })).join("\n\n")],
])("%s %j", (file, text) => {
  expect(readIntentRows(file, text)).toEqual(ROWS);
});

test.each([
  ["rows.csv", "text,intent\na,b\n\nc\n", "rows.csv, line 4: there are 1 cells, and the header names 2 columns"],
  ["rows.csv", 'text,intent\n"a\nb",c\nd, \n', "rows.csv, line 4: intent is empty"],
  ["rows.csv", 'text,intent\na,b\n"c,d\n', "rows.csv, line 3: a quoted cell does not end"],
  ["rows.csv", 'text,intent\na,b\nsay "hi",d\n', "rows.csv, line 3: a quote stands inside a cell that is not quoted"],
  ["rows.csv", "question,answer\na,b\n", "rows.csv, line 1: the header names no column text"],
  ["rows.csv", "text,answer\na,b\n", "rows.csv, line 1: the header names no column intent"],
  ["rows.csv", "", "rows.csv, line 1: the header"],
  ["rows.csv", "text,intent\n", "rows.csv has no row"],
  ["rows.json", '[["a","b"],\n["c",]]', "rows.json, line 2: this is not valid JSON"],
  ["rows.json", '[["a","b"],["c",7]]', "rows.json: [1]: intent is no text"],
  ["rows.json", '[["a"]]', "rows.json: [0]"],
  ["rows.json", "[7]", "rows.json: [0]: it is neither"],
  ["rows.json", '{"a":"b"}', "rows.json: it is no array"],
  ["rows.jsonl", '{"text":"a","intent":"b"}\n{"text":"a"}', "rows.jsonl, line 2: intent is missing"],
  ["rows.jsonl", '{"text":"a","intent":"b"}\n\n{"text"', "rows.jsonl, line 3: this is not valid JSON"],
  ["rows.jsonl", '{"text":" ","intent":"b"}', "rows.jsonl, line 1: text is empty"],
  ["rows.xml", "<a/>", "rows.xml is of no kind that is read here"],
])("%s that is wrong says where: %j", (file, text, message) => {
  expect(() => readIntentRows(file, text)).toThrow(
    expect.objectContaining({ code: "invalid_input", message: expect.stringContaining(message) }),
  );
});
