import { DatasetItemContent } from "@signalbox/model";

/** An item as typed: a valid one, a blank one without a question yet, or the errors of its fields. */
export type ItemDraft =
  | { kind: "item"; content: DatasetItemContent }
  | { kind: "blank" }
  | { kind: "wrong"; faults: { path: string; message: string }[] };

/** Parses an item that was typed as JSON. */
export function readItemDraft(text: string): ItemDraft {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "wrong", faults: [{ path: "", message: `This is not valid JSON: ${(error as Error).message}` }] };
  }
  const parsed = DatasetItemContent.safeParse(value);
  if (parsed.success) return parsed.data.input === "" ? { kind: "blank" } : { kind: "item", content: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => ({
    path: path.join("."),
    message: /received undefined$/.test(message) ? "is missing" : message,
  }));
  return { kind: "wrong", faults };
}

/** An item as text to edit, with every field, so that nobody has to know their names. */
export function draftTextOf({
  input,
  expectedOutput,
  expectedToolCalls,
  expectedState,
  metadata,
  split,
  source,
}: DatasetItemContent): string {
  return JSON.stringify({ input, expectedOutput, expectedToolCalls, expectedState, metadata, split, source }, null, 2);
}

/** The text of an empty item. */
export const NEW_ITEM_TEXT = JSON.stringify(
  { input: "", expectedOutput: null, expectedToolCalls: null, expectedState: null, metadata: {}, split: null, source: null },
  null,
  2,
);
