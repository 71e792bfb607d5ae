import type { ToolEffect } from "@signalbox/db/prisma";
import type { DocumentReader, ToolDefinition, ToolRequest, WorldDocument } from "@signalbox/model";
import { z } from "zod";

/** A tool's outcome: its result as JSON, or a refusal without effect. */
export type ToolOutcome = { readonly kind: "answer"; readonly result: unknown } | { readonly kind: "refusal"; readonly reason: string };

export function answer(result: unknown): ToolOutcome {
  return { kind: "answer", result };
}

export function refusal(reason: string): ToolOutcome {
  return { kind: "refusal", reason };
}

/** A tool's view of its data. A document is replaced whole and never changed in place; reads see the world as it was before the call. */
export interface DocumentWorld<Documents> extends DocumentReader<Documents> {
  put<Kind extends keyof Documents & string>(kind: Kind, id: string, owner: string | null, document: Documents[Kind]): void;
}

/** A tool on the documents of a world, whose arguments are checked before it runs. */
export interface DocumentTool {
  readonly definition: ToolDefinition;
  run(reader: DocumentReader, given: ToolRequest["arguments"]): Promise<ToolEffect<WorldDocument>>;
}

/** The problems of arguments, each with its path. */
function complaintOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ");
}

function jsonSchemaOf(schema: z.ZodObject): Record<string, unknown> {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: "input" });
  return parameters;
}

/**
 * Makes the function that defines tools on these documents. A tool's `run` gets arguments that fit its schema; it checks everything before
 * it writes anything, and a refusal leaves nothing.
 */
export function toolDefiner<Documents extends Readonly<Record<string, object>>>() {
  return <Shape extends z.ZodRawShape>(tool: {
    name: string;
    description: string;
    arguments: Shape;
    endsEpisode?: boolean;
    run(world: DocumentWorld<Documents>, given: z.output<z.ZodObject<Shape, z.core.$strict>>): ToolOutcome | Promise<ToolOutcome>;
  }): DocumentTool => {
    const { name, description, endsEpisode = false } = tool;
    const schema = z.strictObject(tool.arguments);
    const refuse = (reason: string) => ({ answer: { output: `Error: ${reason}`, isError: true, endsEpisode: false }, writes: [] });
    return {
      definition: { name, description, parameters: jsonSchemaOf(schema), endsEpisode },
      async run(reader, given) {
        const parsed = schema.safeParse(given);
        if (!parsed.success) return refuse(complaintOf(parsed.error));
        const writes: WorldDocument[] = [];
        // Stored documents were written by these tools and this domain's loader, so they have the declared kinds.
        const world: DocumentWorld<Documents> = {
          ...(reader as unknown as DocumentReader<Documents>),
          put: (kind, id, owner, document) => writes.push({ kind, id, owner, document: document as Readonly<Record<string, unknown>> }),
        };
        const outcome = await tool.run(world, parsed.data);
        if (outcome.kind === "refusal") return refuse(outcome.reason);
        return { answer: { output: JSON.stringify(outcome.result), isError: false, endsEpisode }, writes };
      },
    };
  };
}
