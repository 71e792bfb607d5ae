import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/sdk/types.js";
import { storableText } from "@signalbox/model";

/** The longest result that an agent is given, in characters. */
export const RESULT_CHARACTERS_MAX = 32_000;

/** A block of a result as text; a block of another kind is named. */
function blockText(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type} ${block.mimeType}]`;
    case "resource_link":
      return `[${block.name}: ${block.uri}]`;
    case "resource":
      return "text" in block.resource ? block.resource.text : `[resource ${block.resource.uri}]`;
  }
}

/** The beginning of a text that is too long, with the number of missing characters. No surrogate pair is cut in two. */
export function cut(text: string, charactersMax = RESULT_CHARACTERS_MAX): string {
  if (text.length <= charactersMax) return text;
  const kept = text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, "");
  return `${kept}\n[cut: the other ${text.length - kept.length} of ${text.length} characters are left out]`;
}

/** A result as the text that an agent reads: its blocks, or its structured content if it has no blocks. */
export function resultText({ content, structuredContent }: CallToolResult, charactersMax = RESULT_CHARACTERS_MAX): string {
  const text =
    content.length === 0 && structuredContent !== undefined ? JSON.stringify(structuredContent) : content.map(blockText).join("\n");
  return cut(storableText(text), charactersMax);
}
