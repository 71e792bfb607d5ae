import { AppError } from "@signalbox/model";
import { expect, test, vi } from "vitest";
import { MalformedBody, readMultipart } from "../../../decode/index.ts";
import { formOf } from "../../../testing/builders/langsmithBuilders.ts";
import { FUZZ_TIMEOUT_MS, fuzz } from "../../../testing/fuzzing.ts";
import { bodyOf, partsByExample } from "./exampleForm.ts";

// `SIGNALBOX_FUZZ_SECONDS=60 npm test -- workspace/fuzz` runs for a minute.

vi.setConfig({ testTimeout: FUZZ_TIMEOUT_MS });

const ids = [1, 2].map((index) => `01a2166c-f4c5-7000-8000-00000000000${index}`);
const tellAll = ids.flatMap((id) => [
  { name: id, text: '{"metadata":{"a":1},"split":["x"],"created_at":"2026-11-26T06:00:00Z"}' },
  { name: `${id}.inputs`, text: '{"question":"größe \\ud83d\\ude00","list":[1,[2,{"b":null}]]}' },
  { name: `${id}.outputs`, text: '{"__proto__":{"n":2}}' },
]);

/** A form as the Python client writes it: another kind of boundary, and each part's length in a header of its own. */
const python = Buffer.from(
  `${tellAll
    .map(
      ({ name, text }) =>
        `--0123456789abcdef0123456789abcdef\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}\r\n`,
    )
    .join("")}--0123456789abcdef0123456789abcdef--\r\n`,
);

/** The examples in a form with their fields, or null if the form is refused. */
function toldIn(form: Buffer): { id: string; parts: number; body: Record<string, unknown> }[] | null {
  try {
    return partsByExample(form).map(({ id, parts }) => ({ id, parts: parts.length, body: bodyOf(parts) }));
  } catch (error) {
    if (error instanceof MalformedBody || (error instanceof AppError && error.code === "invalid_input")) return null;
    throw error;
  }
}

test("forms of examples: whatever the bytes, each of their parts belongs to one example, or the form is refused", () => {
  const countsSeen = new Set<number | null>();
  fuzz([formOf(tellAll), formOf(tellAll.slice(0, 2)), python], (form) => {
    const told = toldIn(form);
    countsSeen.add(told?.length ?? null);
    if (told === null) return;
    expect(told.reduce((sum, { parts }) => sum + parts, 0)).toBe(readMultipart(form).parts.length);
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    for (const { id, body } of told) {
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      // The stored value is JSON with an ordinary prototype.
      expect(JSON.stringify(JSON.parse(JSON.stringify(body)))).toBe(JSON.stringify(body));
      expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    }
  });
  expect([...countsSeen].sort()).toEqual(expect.arrayContaining([1, 2, null]));
});
