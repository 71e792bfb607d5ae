const ROLE_LABELS: Readonly<Record<string, string>> = { system: "System", user: "User", assistant: "Assistant", tool: "Tool" };

const ROLE_COLOURS: Readonly<Record<string, string>> = {
  system: "text-faint",
  user: "text-accent",
  assistant: "text-kind-agent",
  tool: "text-kind-tool",
};

/** A speaker's label and colour; an unknown role keeps its own word. */
export function roleLook(role: string): { label: string; className: string } {
  return { label: ROLE_LABELS[role] ?? role, className: ROLE_COLOURS[role] ?? "text-muted" };
}
