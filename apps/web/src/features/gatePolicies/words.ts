/** Words and colours for the endings of a simulated rollout, the same as for rollouts. */
export const ENDINGS = {
  rollback: { label: "rolled back", bar: "bg-danger-mark", fill: "fill-danger-mark" },
  hold: { label: "held", bar: "bg-caution-mark", fill: "fill-caution-mark" },
  promote: { label: "promoted", bar: "bg-clear-mark", fill: "fill-clear-mark" },
} as const;

export const ENDING_ORDER = ["rollback", "hold", "promote"] as const;
