import { PythonError } from "./pythonValue.ts";

/** A Python number: ints are bigints (they have no limit), floats are numbers. */
export type PythonNumeric = bigint | number;

type Operator = (left: PythonNumeric, right: PythonNumeric) => PythonNumeric;

/** A power with more binary digits than this is not computed: it could not be converted to a float, which every result is in the end. */
const POWER_BITS_MAX = 1_000_000;

/** `float(value)`. */
export function toFloat(value: PythonNumeric): number {
  const float = Number(value);
  if (typeof value === "bigint" && !Number.isFinite(float)) throw new PythonError("int too large to convert to float");
  return float;
}

/** An operator that applies `ints` to two ints and `floats` to any others, after conversion. */
function numeric(ints: (left: bigint, right: bigint) => PythonNumeric, floats: (left: number, right: number) => number): Operator {
  return (left, right) =>
    typeof left === "bigint" && typeof right === "bigint" ? ints(left, right) : floats(toFloat(left), toFloat(right));
}

function bitsOf(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}

/** The quotient of two ints as the nearest float, however large they are. */
function divideInts(left: bigint, right: bigint): number {
  if (right === 0n) throw new PythonError("division by zero");
  // A quotient with at least 66 binary digits, the last one set if there is a remainder, rounds like the exact quotient.
  const shift = Math.max(0, bitsOf(right) - bitsOf(left) + 66);
  const scaled = left << BigInt(shift);
  const sticky = scaled % right === 0n ? 0n : 1n;
  const quotient = Number((scaled / right) | sticky) * 2 ** -shift;
  if (!Number.isFinite(quotient)) throw new PythonError("integer division result too large for a float");
  return quotient;
}

function floorDivideInts(left: bigint, right: bigint): bigint {
  if (right === 0n) throw new PythonError("integer division or modulo by zero");
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

function floorDivideFloats(left: number, right: number): number {
  if (right === 0) throw new PythonError("float floor division by zero");
  const remainder = left % right;
  const isBelow = remainder !== 0 && right < 0 !== remainder < 0;
  // left - remainder is a whole multiple of right, so rounding repairs what the division loses.
  const quotient = Math.round((left - remainder) / right) - (isBelow ? 1 : 0);
  return quotient === 0 ? 0 * (left / right) : quotient;
}

function powerOfFloats(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) throw new PythonError("0.0 cannot be raised to a negative power");
  if (base < 0 && !Number.isInteger(exponent)) throw new PythonError("float() argument must be a string or a real number, not 'complex'");
  const power = base ** exponent;
  if (!Number.isFinite(power) && Number.isFinite(base)) throw new PythonError("(34, 'Numerical result out of range')");
  return power;
}

function powerOfInts(base: bigint, exponent: bigint): PythonNumeric {
  if (exponent < 0n) return powerOfFloats(toFloat(base), toFloat(exponent));
  const isSmall = base >= -1n && base <= 1n;
  if (!isSmall && exponent * BigInt(bitsOf(base)) > POWER_BITS_MAX) throw new PythonError("int too large to convert to float");
  return base ** exponent;
}

export const add = numeric(
  (left, right) => left + right,
  (left, right) => left + right,
);
export const subtract = numeric(
  (left, right) => left - right,
  (left, right) => left - right,
);
export const multiply = numeric(
  (left, right) => left * right,
  (left, right) => left * right,
);
export const divide = numeric(divideInts, (left, right) => {
  if (right === 0) throw new PythonError("float division by zero");
  return left / right;
});
export const floorDivide = numeric(floorDivideInts, floorDivideFloats);
export const power = numeric(powerOfInts, powerOfFloats);

/** `round(value, 2)`: to the nearest hundredth of the binary value; an exact tie goes to the even hundredth. */
export function roundToHundredths(value: number): number {
  const hasNoHundredths = !Number.isFinite(value) || Object.is(value, -0) || Math.abs(value) >= 2 ** 52;
  if (hasNoHundredths) return value;
  // A binary number lies exactly between two hundredths only as an odd number of eighths; elsewhere toFixed rounds the exact value.
  const isTie = Math.abs(value * 8) % 2 === 1;
  if (!isTie) return Number(value.toFixed(2));
  const below = Math.floor(value * 100);
  return (below % 2 === 0 ? below : below + 1) / 100;
}
