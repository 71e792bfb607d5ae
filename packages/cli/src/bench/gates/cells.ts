import { MARGIN } from "./ourGate.ts";
import { aWorld, MOVES, SHARES, type World } from "./world.ts";

/** Deliberate mistakes whose damage must show; `counted` is `dropped` done right. */
export const CONTROLS = ["pooled", "traces", "dropped", "counted", "duplicated"] as const;

/**
 * One row of the matrix. `false_rollback`: an equal candidate; `false_promotion`: one that is worse by exactly the margin; `power`: worse
 * by `effect`, beside other gates on the same sessions; `control`: our gate, misused; `dead_letters`: one session in a hundred becomes a
 * dead letter, `ratio` times as many of the candidate's; `split`: a share `loss` of the candidate's sessions goes unreported; `told`: our
 * gate on exposures and events as the stores have them, with stragglers, sessions reported twice, and crashes after the score.
 */
export type Cell =
  | { readonly kind: "false_rollback" | "false_promotion" | "power" | "told"; readonly world: World }
  | { readonly kind: "control"; readonly control: (typeof CONTROLS)[number]; readonly world: World }
  | { readonly kind: "dead_letters"; readonly ratio: number; readonly world: World }
  | { readonly kind: "split"; readonly loss: number; readonly world: World };

const BASES = [0.5, 0.8, 0.98];
const METRICS = [1, 5];

/** The effects of the `power` cells; the rules are tuned to be quiet at 0. */
export const EFFECTS = [0, -0.03, -0.05, -0.1];

/** The share of the candidate's sessions that crash before they are scored. */
const CRASHES = 0.12;

/** The share of sessions that, in the first minute of a step, replicas still assign by the previous step. */
const STRAGGLERS = 0.3;

const everyWorld = (effect: number, metrics: readonly number[]): World[] =>
  BASES.flatMap((base) =>
    MOVES.flatMap((move) => SHARES.flatMap((share) => metrics.map((count) => aWorld({ base, move, share, effect, metrics: count })))),
  );

const ACCIDENTS: Record<(typeof CONTROLS)[number], Partial<World>> = {
  ...{ pooled: {}, traces: {}, duplicated: {} },
  ...{ dropped: { crashes: CRASHES }, counted: { crashes: CRASHES } },
};

/** The acceptance matrix. */
export const CELLS: readonly Cell[] = [
  ...everyWorld(0, METRICS).map((world) => ({ kind: "false_rollback" as const, world })),
  ...everyWorld(-MARGIN, [1]).map((world) => ({ kind: "false_promotion" as const, world })),
  { kind: "power", world: aWorld({ move: "flat" }) },
  ...EFFECTS.map((effect) => ({ kind: "power" as const, world: aWorld({ effect }) })),
  ...CONTROLS.map((control) => ({ kind: "control" as const, control, world: aWorld(ACCIDENTS[control]) })),
  ...[1, 2, 3, 5].map((ratio) => ({ kind: "dead_letters" as const, ratio, world: aWorld({ base: 0.99, move: "flat" }) })),
  ...[0, 0.1, 0.2].map((loss) => ({ kind: "split" as const, loss, world: aWorld({}) })),
  ...[{}, { effect: -0.1 }, { crashes: CRASHES }].map((changes) => ({
    kind: "told" as const,
    world: aWorld({ stragglers: STRAGGLERS, ...changes }),
  })),
];
