import { policyJsonSchema } from "@signalbox/model";

/** The JSON Schema of gate policies, for editors. */
export function GET(): Response {
  return Response.json(policyJsonSchema());
}
