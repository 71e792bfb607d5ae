import { roundToHundredths, toFloat } from "./python/pythonArithmetic.ts";
import { evaluateExpression } from "./python/pythonExpression.ts";
import { pythonFloat } from "./python/pythonNumber.ts";
import { itemsOf, PythonError } from "./python/pythonValue.ts";
import { answer, defineTool, refusal } from "./tool.ts";

const CHARACTERS = new Set<unknown>("0123456789+-*/(). ");

/** Calculates an arithmetic expression, as a float rounded to two decimal places. The text is parsed, never executed. */
export const calculate = defineTool({
  name: "calculate",
  parameters: ["expression"],
  run(_world, { expression }) {
    if (!itemsOf(expression).every((character) => CHARACTERS.has(character))) return refusal("invalid characters in expression");
    if (typeof expression !== "string") throw new PythonError("eval() arg 1 must be a string, bytes or code object");
    return answer(pythonFloat(roundToHundredths(toFloat(evaluateExpression(expression)))));
  },
});
