import { expect, test } from "vitest";
import { mulberry32, type Random } from "../random.ts";
import { AppError } from "./errors.ts";
import { fingerprintOfFailure, normaliseMessage } from "./failureFingerprint.ts";
import { reportOf } from "./reportOf.ts";

/** Values that differ between failures of one kind. */
function valuesOf(random: Random) {
  const whole = (max: number): number => Math.floor(random() * max);
  const text = (letters: string, length: number): string => Array.from({ length }, () => letters[whole(letters.length)]).join("");
  const hex = (length: number): string => text("0123456789abcdef", length);
  const word = (): string => text("abcdefghijklmnopqrstuvwxyz", 3 + whole(8));
  const time = (): Date => new Date(1_600_000_000_000 + whole(3e11));
  const pick = <Value>(...values: Value[]): Value => values[whole(values.length)] as Value;
  const quote = (value: string): string => pick(`"${value}"`, `'${value}'`, `\`${value}\``, JSON.stringify(value));
  return {
    whole: () => String(whole(10 ** whole(7))),
    decimal: () => (random() * 10 ** whole(5)).toFixed(whole(4)),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    hash: () => hex(pick(8, 12, 16, 32, 40, 64)),
    pointer: () => `0x${hex(1 + whole(12))}`,
    quoted: () => quote(pick(word(), `${word()} ${word()}`, `${word()} ${whole(900)}`, hex(9), `${word()}'s`, "")),
    email: () => `${word()}.${word()}+${whole(9)}@${word()}.example.com`,
    url: () => `${pick("http", "https", "postgresql", "redis")}://${word()}.example:${whole(65_535)}/${word()}?q=${word()}&n=${whole(9)}`,
    iso: () => pick(time().toISOString(), time().toISOString().slice(0, 10), time().toISOString().slice(0, 19).replace("T", " ")),
    date: () => pick(time().toUTCString(), time().toUTCString().slice(5, 25)),
    address: () => `${whole(256)}.${whole(256)}.${whole(256)}.${whole(256)}:${whole(65_535)}`,
    code: () => `${text("ABCDEFGHJKLMNPQRSTUVWXYZ", 3)}${whole(10)}${text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 2)}`,
    duration: () => pick(`${whole(9_000)} ms`, `${whole(90)}s`, `${whole(90)} minutes`, `1 second`, `${(random() * 9).toFixed(1)}s`),
    path: () => `/${word()}/${word()}-${whole(99)}/${word()}.json`,
    list: () => Array.from({ length: 1 + whole(6) }, () => whole(1_000)).join(", "),
    object: () => JSON.stringify({ id: hex(6), [word()]: { n: whole(99), of: [word(), whole(9)] } }),
    plural: (noun: string) => pick(`1 ${noun}`, `${2 + whole(40)} ${noun}s`),
    setting: () => `${pick("user", "user")}=${word()}`,
  };
}

type Values = ReturnType<typeof valuesOf>;
type Kind = { tool: string | null; errorClass: string; messageOf: (values: Values) => string };

const kind = (messageOf: Kind["messageOf"], errorClass = "upstream_unavailable", tool: string | null = null): Kind => ({
  ...{ tool, errorClass, messageOf },
});

/** Thirty kinds of failure. The last ones differ from an earlier one in their tool or class alone. */
const KINDS: readonly Kind[] = [
  kind((v) => `waited ${v.duration()} for the lock`),
  kind((v) => `no task ${v.uuid()} in project ${v.quoted()}`),
  kind((v) => `world ${v.quoted()} is not loaded`),
  kind((v) => `connect ECONNREFUSED ${v.address()}`, "Error"),
  kind((v) => `read ECONNRESET from ${v.address()} after ${v.plural("byte")}`, "Error"),
  kind((v) => `GET ${v.url()} answered ${v.whole()}.`),
  kind((v) => `POST ${v.url()} did not answer within ${v.duration()}`),
  kind((v) => `certificate of ${v.email()} expired at ${v.iso()}`),
  kind((v) => `mail to ${v.email()} bounced on ${v.date()}`),
  kind((v) => `reservation ${v.code()} has no flight ${v.code()}`, "not_found"),
  kind((v) => `Cannot read properties of undefined (reading ${v.quoted()})`, "TypeError"),
  kind((v) => `Unexpected token ${v.quoted()}, ${v.quoted()} is not valid JSON`, "SyntaxError"),
  kind((v) => `segment ${v.hash()} at ${v.pointer()} is torn`),
  kind((v) => `chunk ${v.hash()} was written ${v.plural("time")}`),
  kind((v) => `the model ${v.quoted()} was asked ${v.plural("time")} and used ${v.decimal()} dollars`, "limit_reached"),
  kind((v) => `rows ${v.list()} clash`),
  kind((v) => `the answer ${v.object()} is not what was agreed`, "bad_answer"),
  kind((v) => `open ${v.path()}: no such file`),
  kind((v) => `denied for ${v.setting()}; ask ${v.email()}`, "forbidden"),
  kind((v) => `can't book for ${v.quoted()}: it isn't ${v.quoted()}'s turn`, "conflict"),
  kind((v) => `balance of ${v.whole()} is below ${v.decimal()} EUR, see ${v.url()}`),
  kind((v) => `balance of ${v.whole()} is above ${v.decimal()} EUR, see ${v.url()}`),
  kind((v) => `duplicate key value ${v.quoted()}\n  detail: (${v.uuid()}, ${v.whole()}) exists since ${v.iso()}`),
  kind((v) => `${v.uuid()}: ${v.plural("worker")} gone`),
  kind((v) => `${v.uuid()}: ${v.plural("planner")} gone`),
  kind((v) => `tool failed after ${v.duration()}`, "infrastructure", "book_reservation"),
  kind((v) => `tool failed after ${v.duration()}`, "infrastructure", "cancel_reservation"),
  kind((v) => `tool failed after ${v.duration()}`, "upstream_unavailable", "cancel_reservation"),
  kind((v) => `no task ${v.uuid()} in project ${v.quoted()}`, "not_found"),
  kind((v) => `tool failed after ${v.duration()}`, "infrastructure"),
];

test.each([1, 2, 3])("10,000 failures of 30 kinds have 30 fingerprints (seed %i)", (seed) => {
  const random = mulberry32(seed);
  const values = valuesOf(random);
  const messages = new Set<string>();
  const byKind = KINDS.map(() => new Map<string, string>());
  for (let letter = 0; letter < 10_000; letter += 1) {
    const place = letter % KINDS.length;
    const { messageOf, ...rest } = KINDS[place] as Kind;
    const message = messageOf(values);
    messages.add(message);
    const frame = `callTool (apps/agent-runtime/src/services/tools/toolService.ts:${1 + Math.floor(random() * 90)})`;
    byKind[place]?.set(fingerprintOfFailure({ service: "signalbox-tools", message, frame, ...rest }), normaliseMessage(message));
  }
  expect(byKind.filter((fingerprints) => fingerprints.size > 1).map((fingerprints) => [...fingerprints.values()])).toEqual([]);
  expect(new Set(byKind.flatMap((fingerprints) => [...fingerprints.keys()])).size).toBe(KINDS.length);
  expect(messages.size).toBeGreaterThan(8_500);
});

test.each([
  ["an id", "no task 4fe4992c-8aee-8804-8f16-4fb032f92145", "no task 00000000-0000-4000-8000-000000000000"],
  ["apostrophes in a value", "user 'O'Brien' can't pay", "user 'ann' can't pay"],
  ["an open quote", 'got "abc', 'got "xyz and more'],
  ["an hour of the day", "closed at 10:05 PM", "closed at 9:15 AM"],
  ["a thousand", "1,234 rows", "7 rows"],
  ["a long id of capitals alone", "key ABCDEFGHJKMNPQRSTVWXYZABCD", "key 01ARZ3NDEKTSV4RRFFQ69G5FAV"],
])("failures that differ in %s are of one kind", (_name, one, other) => {
  expect(normaliseMessage(one)).toBe(normaliseMessage(other));
});

test.each([
  ["no world is loaded", "no task is loaded"],
  ["it can't be paid, it won't be paid", "it can't be sold, it won't be paid"],
  ["the planner and the tool", "the planner or the tool"],
])("failures with other words are of another kind: %s", (one, other) => {
  expect(normaliseMessage(one)).not.toBe(normaliseMessage(other));
});

test("no message takes long to read", () => {
  const parts = ['"', "'", "a@", "{", "a.", "1-", "#, ", "/a", "=", "jan ", "+-----", "$", "a", "_", "a-", "1_%", "\\\\", "mon, ", "a://"];
  for (const part of parts) {
    const spent = process.threadCpuUsage();
    normaliseMessage(part.repeat(100_000));
    normaliseMessage(`1 ${part.repeat(100_000)}`);
    // A pattern of cubic time takes seconds, and one of linear or quadratic time takes milliseconds.
    expect(process.threadCpuUsage(spent).user, part).toBeLessThan(1_000_000);
  }
});

test("an error says its class, its causes and where in our code it came up", () => {
  const cause = new TypeError("no such\0 port", { cause: "nothing" });
  const report = reportOf(new AppError("infrastructure", "away", { cause }));
  expect(report).toMatchObject({
    class: "infrastructure",
    message: "away",
    chain: [
      { class: "TypeError", message: "no such\u{fffd} port" },
      { class: "unknown", message: "nothing" },
    ],
  });
  expect(report.frame).toMatch(/\(packages\/model\/src\/errors\/failureFingerprint\.test\.ts:\d+\)$/);
});

test("an error that is its own cause has a chain with an end", () => {
  const error = new Error("round");
  error.cause = error;
  expect(reportOf(error).chain).toHaveLength(8);
});
