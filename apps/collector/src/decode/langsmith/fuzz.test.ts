import { readFileSync } from "node:fs";
import { mulberry32 } from "@signalbox/model";
import { expect, test } from "vitest";
import { mutate } from "../../testing/mutate.ts";
import { MalformedBody } from "../malformedBody.ts";
import { decodeLangSmith, type LangSmithForm, type LangSmithRequest } from "./index.ts";
import { type Part, type Parts, readMultipart } from "./multipart.ts";

const ROUNDS = 2_000;

const fixture = (name: string): Buffer => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url));

/** The result of `read`, or null if it refuses the body; any other error is a bug of ours. */
function orRefused<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedBody) return null;
    throw error;
  }
}

/** The bytes of a body that belong to no part, header, delimiter or cut end. */
function unaccounted(body: Buffer, { parts, cut }: Parts): string[] {
  const delimiter = `\r\n${body.toString("latin1", 0, body.indexOf("\r\n"))}`;
  let from = 0;
  const gaps = parts.map(({ content }: Part) => {
    const start = content.byteOffset - body.byteOffset;
    const gap = (from === 0 ? "\r\n" : "") + body.toString("latin1", from, start);
    from = start + content.length;
    return gap;
  });
  const end = body.toString("latin1", from, body.length - cut.length);
  return [
    ...gaps.filter((gap) => !gap.startsWith(`${delimiter}\r\n`) || gap.indexOf("\r\n\r\n", delimiter.length + 2) !== gap.length - 4),
    ...[end].filter((tail) => ![`${delimiter}--\r\n`, `${delimiter}--`, `${delimiter}\r\n`].includes(tail)),
  ];
}

test.each(["js-0.12.0.multipart", "python-0.15.1.multipart"])(
  "%s: whatever its bytes, a form is refused or no byte of it is dropped",
  (name) => {
    const random = mulberry32(20_261_126);
    let readable = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = mutate(fixture(name), random);
      const parts = orRefused(() => readMultipart(body));
      if (parts === null) continue;
      readable += 1;
      expect(unaccounted(body, parts)).toEqual([]);
    }
    expect(readable).toBeGreaterThan(ROUNDS / 2);
  },
);

/** The names of the parts that a request still contains, with repetitions. */
function countOf({ operations, feedback, unreadable }: LangSmithRequest): number {
  return operations.length + feedback.length + unreadable.length;
}

const batch = Buffer.from(
  JSON.stringify({
    post: [{ id: "01a2166c-f4c5-7000-8000-026b8e1c505f", inputs: { a: [1, { b: "größe" }] } }],
    patch: [{ id: "01a2166c-f4c5-7000-8000-026b8e1c505f", end_time: 1_795_672_569_040 }],
    feedback: [{ key: "liked" }],
  }),
);

test.each([
  ["js-0.12.0.multipart", "multipart", fixture("js-0.12.0.multipart")],
  ["python-0.15.1.multipart", "multipart", fixture("python-0.15.1.multipart")],
  ["a batch", "batch", batch],
] as const)(
  "%s: whatever its bytes, what is read of it are runs, feedback and parts kept with a reason",
  (_name, form: LangSmithForm, body) => {
    const random = mulberry32(20_261_127);
    const whole = countOf(decodeLangSmith(body, form));
    for (let round = 0; round < ROUNDS; round += 1) {
      const request = orRefused(() => decodeLangSmith(mutate(body, random), form));
      if (request === null) continue;
      expect(countOf(request)).toBeLessThanOrEqual(whole * 2 + 4);
      for (const { runId } of request.operations) expect(runId).toMatch(/^[0-9a-f]{32}$/);
      for (const { reason } of request.unreadable) expect(reason).not.toBe("");
    }
  },
);

test.each([
  ["values", () => `[${"[],".repeat(4_100_000)}0]`, "objects and lists"],
  ["parts", () => "", "parts in one request"],
])("a form of too many %s is refused before it needs the memory", (_name, text, reason) => {
  const part = "--b\r\n\r\n\r\n\r\n";
  const body = text() === "" ? part.repeat(600_000) : `--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n${text()}\r\n`;
  expect(() => decodeLangSmith(Buffer.from(`${body}--b--\r\n`), "multipart")).toThrow(reason);
});

test("a hundred thousand levels of nesting are read or refused", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const id = "01a2166c-f4c5-7000-8000-026b8e1c505f";
  const form = `--b\r\nContent-Disposition: form-data; name="post.${id}.inputs"\r\n\r\n${deep}\r\n--b--\r\n`;
  expect(countOf(decodeLangSmith(Buffer.from(form), "multipart"))).toBe(1);
  expect(countOf(decodeLangSmith(Buffer.from(`{"post":[{"id":"${id}","inputs":${deep}},${deep}]}`), "batch"))).toBe(2);
});
