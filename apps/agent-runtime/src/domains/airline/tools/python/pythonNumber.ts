/** The shortest decimal digits of a finite float, and the power of ten of the first one: 1234.5 → ["12345", 3]. */
function digitsOf(magnitude: number): [digits: string, exponent: number] {
  const [mantissa = "", exponent = "0"] = magnitude.toExponential().split("e");
  return [mantissa.replace(".", ""), Number(exponent)];
}

/**
 * A float as Python prints it: shortest form, `.0` on whole numbers, an exponent below 1e-4 and from 1e16 (`1e-05`, `1e+16`), `-0.0`,
 * `inf`, `nan`.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (!Number.isFinite(value)) return `${sign}inf`;
  const [digits, exponent] = digitsOf(Math.abs(value));

  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    const power = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${power}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/**
 * A JSON number as Python prints it after reading it: whole numbers are ints (JSON text `250.0` cannot be told from `250`), others floats.
 */
export function pythonNumber(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : pythonFloat(value);
}
