import { AppError } from "@signalbox/model";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { z } from "zod";
import { compilePattern } from "../compilePattern.ts";
import { jsonIn } from "../jsonIn.ts";
import { defineScorer, passOrFail } from "../scorer.ts";
import { excerptOf } from "../textOf.ts";

/** Patterns in a schema run in linear time, like those of `regex`. */
const regExp = Object.assign((pattern: string) => compilePattern("json_schema", pattern, "u"), { code: "compilePattern" });

function compile(schema: object): ValidateFunction {
  try {
    return new Ajv2020({ strict: false, code: { regExp } }).compile(schema);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid_input", `The schema of the scorer json_schema is no JSON schema: ${String(cause)}`, { cause });
  }
}

/** Passes an answer that is valid against a JSON schema (draft 2020-12); a text is parsed as JSON. */
export const jsonSchema = defineScorer({
  name: "json_schema",
  summary: "the answer is JSON that `schema` (draft 2020-12) accepts",
  needs: null,
  options: z.strictObject({ schema: z.record(z.string(), z.unknown()) }),
  make: ({ schema }) => {
    const validate = compile(schema);
    return (_item, answer) => {
      const value = jsonIn(answer.output);
      if (value === undefined) return passOrFail(false, `no JSON: ${excerptOf(answer.output)}`);
      const isValid = validate(value);
      const [first] = validate.errors ?? [];
      return passOrFail(isValid, `${first?.instancePath === "" ? "it" : first?.instancePath} ${first?.message}`);
    };
  },
});
