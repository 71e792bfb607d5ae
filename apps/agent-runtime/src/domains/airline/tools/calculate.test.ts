import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

const calculate = (expression: unknown) => openDesk().call("calculate", { expression });

/** Expected values are what CPython 3.11.7 prints for `str(round(float(eval(expression)), 2))`. */
test.each([
  ["152 + 103", "255.0"],
  ["3 * 2", "6.0"],
  ["1/3", "0.33"],
  ["(100 - 20) * 2.5 / 4", "50.0"],
  ["0.125", "0.12"],
  ["0.375", "0.38"],
  ["-0.125", "-0.12"],
  ["2.675", "2.67"],
  ["-0.001", "-0.0"],
  ["-0.0", "-0.0"],
  ["-0", "0.0"],
  ["0 // -5.0", "-0.0"],
  ["10**16", "1e+16"],
  ["10**15", "1000000000000000.0"],
  ["123456789012345678", "1.2345678901234568e+17"],
  ["-7 // 2", "-4.0"],
  ["7 // -2.0", "-4.0"],
  ["-2 ** 2", "-4.0"],
  ["2 ** -2 ** 2", "0.06"],
  ["2 ** 0.5", "1.41"],
  ["--1 + +1", "2.0"],
  [".5 + 1. + 00 + 01.5", "3.0"],
  ["10**400 / 10**399", "10.0"],
  ["(2**63 + 1) / 2", "4.611686018427388e+18"],
  ["1 / 10**400", "0.0"],
  [`${"9".repeat(400)}.0`, "inf"],
])("%s is %s", async (expression, value) => {
  expect(await calculate(expression)).toBe(value);
});

test.each([
  ["2 ^ 3", "invalid characters in expression"],
  ["1e5", "invalid characters in expression"],
  ["1 / 0", "division by zero"],
  ["1.0 / 0", "float division by zero"],
  ["1 // 0", "integer division or modulo by zero"],
  ["1 // 0.0", "float floor division by zero"],
  ["0 ** -1", "0.0 cannot be raised to a negative power"],
  ["", "invalid syntax (<string>, line 0)"],
  ["  ", "invalid syntax (<string>, line 0)"],
  ["1 +", "invalid syntax (<string>, line 1)"],
  ["1 2", "invalid syntax (<string>, line 1)"],
  ["1.2.3", "invalid syntax (<string>, line 1)"],
  ["1 /// 2", "invalid syntax (<string>, line 1)"],
  ["(1 2)", "invalid syntax. Perhaps you forgot a comma? (<string>, line 1)"],
  ["(1", "'(' was never closed (<string>, line 1)"],
  ["(1))", "unmatched ')' (<string>, line 1)"],
  ["2 (3)", "'int' object is not callable"],
  ["2.5 (3) (4)", "'float' object is not callable"],
  ["2 (1 / 0)", "division by zero"],
  ["007", "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers (<string>, line 1)"],
  ["()", "float() argument must be a string or a real number, not 'tuple'"],
  ["(-8) ** 0.5", "float() argument must be a string or a real number, not 'complex'"],
  ["10 ** 400", "int too large to convert to float"],
  ["1.0 * 10 ** 400", "int too large to convert to float"],
  ["10 ** 400 / 3", "integer division result too large for a float"],
  ["10.0 ** 400", "(34, 'Numerical result out of range')"],
  ["(".repeat(201) + ")".repeat(201), "too many nested parentheses (<string>, line 1)"],
])("%s is refused", async (expression, reason) => {
  expect(await calculate(expression)).toBe(`Error: ${reason}`);
});

test("an expression that would take for ever, or nests without end, is refused at once", async () => {
  expect(await calculate("9 ** 9 ** 9")).toBe("Error: int too large to convert to float");
  expect(await calculate(`${"-".repeat(100_000)}1`)).toBe("Error: maximum recursion depth exceeded during compilation");
});

test("an argument that is not a text is refused", async () => {
  expect(await calculate(5)).toBe("Error: 'int' object is not iterable");
  expect(await calculate(["1"])).toBe("Error: eval() arg 1 must be a string, bytes or code object");
});
