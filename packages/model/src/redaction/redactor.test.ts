import { expect, test, vi } from "vitest";
import { BUILT_IN_PATTERNS } from "./builtInPatterns.ts";
import { RedactionRules } from "./redactionRules.ts";
import { Redactor } from "./redactor.ts";

const redactor = new Redactor(
  RedactionRules.parse({
    builtIn: ["email", "credit card"],
    patterns: [{ name: "employee", pattern: "\\bEMP-[0-9]{6}\\b" }],
    attributes: ["user.email", "*.password", "password", "http.request.header.*"],
  }),
);

test("what a pattern matches is gone wherever it stands, and what it was is said", () => {
  expect(redactor.text("write to ann@example.org or EMP-123456, card 4111 1111 1111 1111")).toBe(
    "write to [redacted: email] or [redacted: employee], card [redacted: credit card]",
  );
});

test("other text stays as it is", () => {
  for (const text of ["nothing $& here", "", "{not json} 4711", '{"a":  1.0}']) expect(redactor.text(text)).toBe(text);
});

test("a replacement text is not searched for further patterns", () => {
  const rules = RedactionRules.parse({ builtIn: ["email"], patterns: [{ name: "word", pattern: "email|redacted" }] });
  expect(new Redactor(rules).text("a@example.org")).toBe("[redacted: email]");
});

test("overlapping matches are removed whole", () => {
  const rules = RedactionRules.parse({
    patterns: [
      { name: "one", pattern: "secret-abc" },
      { name: "two", pattern: "abc-def" },
    ],
  });
  expect(new Redactor(rules).text("x secret-abc-def y")).toBe("x [redacted: one] y");
});

test("an attribute that the rules name loses its value whole, whatever it is", () => {
  expect(redactor.value("user.email", "Ann")).toBe("[redacted: user.email]");
  expect(redactor.value("db.Password", { a: 1 })).toBe("[redacted: *.password]");
  expect(redactor.value("http.request.header.cookie", 3)).toBe("[redacted: http.request.header.*]");
});

test("a name is meant whole", () => {
  for (const name of ["user.emails", "userxemail", "my password"]) expect(redactor.value(name, "Ann")).toBe("Ann");
});

test("texts are redacted however deep they are, and members that the rules name", () => {
  const value = { to: ["a@example.org", { note: "a@example.org", "db.password": "x" }], count: 411_111, none: null };
  expect(redactor.value("input", value)).toEqual({
    to: ["[redacted: email]", { note: "[redacted: email]", "db.password": "[redacted: *.password]" }],
    count: 411_111,
    none: null,
  });
});

test("a number long enough to be a card's is looked at, a count is not", () => {
  const rules = RedactionRules.parse({ builtIn: ["credit card"], patterns: [{ name: "code", pattern: "[0-9]{4}" }] });
  const value = { card: 4_111_111_111_111_111, tokens: 12_345_678 };
  expect(new Redactor(rules).value("x", value)).toEqual({ card: "[redacted: credit card]", tokens: 12_345_678 });
});

test("JSON stays JSON, with every number as it was written", () => {
  const text = '{"a":"ann\\u0040example.org","nested":"{\\"password\\":\\"x\\"}","big":12345678901234567890,"card":4111111111111111}';
  expect(redactor.text(text)).toBe(
    '{"a":"[redacted: email]","nested":"{\\"password\\":\\"[redacted: password]\\"}","big":12345678901234567890,"card":"[redacted: credit card]"}',
  );
});

test.each([
  ['{"password":"x", "rest": "cut', '{"password":"[redacted: password]", "rest": "cut'],
  ['{"password" : "x\\" y', '{"password" : "[redacted: password]"'],
  ['call({"password": 12, "b": 1})', 'call({"password": "[redacted: password]", "b": 1})'],
  ['{"arguments":"{\\"password\\":\\"x\\", \\"b\\": 1', '{"arguments":"{\\"password\\":"[redacted: password]"'],
  ['{"password": {"a": "b"}, "c": "cut', '{"password": "[redacted: password]"'],
])("JSON that is cut or has words around it loses what the rules name: %s", (text, redacted) => {
  expect(redactor.text(text)).toBe(redacted);
});

test.each([
  ['{"a":"ann@example.org","a":"x"}', '{"a":"x"}'],
  ['{"in":"{\\"a\\":\\"ann@example.org\\",\\"a\\":1}"}', '{"in":"{\\"a\\":1}"}'],
  ['[{"a" :\n{"b":"ann@example.org"}, "\\u0061":1}]', '[{"a":1}]'],
])("nothing is kept of a member whose name comes again: %s", (text, redacted) => {
  expect(redactor.text(text)).toBe(redacted);
});

test("no text is too long to be looked into", () => {
  const value = "a".repeat(16_000_000);
  expect(redactor.text(`x"db.password":"${value}`)).toBe('x"db.password":"[redacted: *.password]"');
  expect(redactor.text(`x"db.password":${value}`)).toBe('x"db.password":"[redacted: *.password]"');
  const spaces = " ".repeat(16_000_000);
  expect(redactor.text(spaces)).toBe(spaces);
});

test("a text on which a pattern throws is replaced without its neighbours", () => {
  using _find = vi.spyOn(BUILT_IN_PATTERNS.email, "find").mockImplementation((text) => {
    if (text === "too long") throw new RangeError("Maximum call stack size exceeded");
    return [];
  });
  const failing = new Redactor(RedactionRules.parse({ builtIn: ["email"] }));
  expect(failing.value("note", ["too long", "x"])).toEqual(["[redacted: unreadable]", "x"]);
});

test("names are texts too", () => {
  expect(redactor.name("seen/ann@example.org")).toBe("seen/[redacted: email]");
  const byAddress = '{"ann@example.org":1}';
  for (let times = 0; times < 2; times += 1) expect(redactor.text(byAddress)).toBe('{"[redacted: email]":1}');
});

test("names that become the same keep their values", () => {
  const text = '{"ann@example.org":1,"[redacted: email] 2":2,"bob@example.org":3,"cid@example.org":{"password":"x"}}';
  expect(redactor.text(text)).toBe(
    '{"[redacted: email]":1,"[redacted: email] 2":2,"[redacted: email] 3":3,"[redacted: email] 4":{"password":"[redacted: password]"}}',
  );
});

test("a value that is nested too deep to be looked into goes", () => {
  const deep = `${"[".repeat(5_000)}"ann@example.org"${"]".repeat(5_000)}`;
  expect(redactor.text(deep)).not.toContain("ann@example.org");
});

test("a record that is no JSON goes whole", () => {
  expect(redactor.record(Buffer.from("ann@example.org").toString("base64"))).toBe("[redacted: unreadable]");
  expect(redactor.record('{"note":"ann@example.org","n":1}')).toBe('{"note":"[redacted: email]","n":1}');
});

test("everything that is taken out is counted by its rule", () => {
  const counted: string[] = [];
  const rules = RedactionRules.parse({ builtIn: ["email"], attributes: ["secret"] });
  const counting = new Redactor(rules, (rule) => counted.push(rule));
  counting.text('{"secret":1,"to":"a@example.org, b@example.org"}');
  expect(counted).toEqual(["secret", "email", "email"]);
  for (let times = 0; times < 2; times += 1) counting.text('{"a@example.org":1}');
  for (let times = 0; times < 2; times += 1) counting.value(counting.name("b@example.org"), 1);
  expect(counted).toEqual(["secret", ...Array(6).fill("email")]);
});

test("no text makes a pattern take for ever", () => {
  const rules = RedactionRules.parse({ patterns: [{ name: "evil", pattern: "(a+)+$" }] });
  const text = `${"a".repeat(100_000)}!`;
  expect(new Redactor(rules).text(text)).toBe(text);
});
