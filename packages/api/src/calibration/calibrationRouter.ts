import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { calibrateDecisions } from "@signalbox/evals";
import { judgeStanding, type TimeWindow } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { resolveRange, TimeRange } from "../timeRange.ts";
import { trendStepSeconds, wholeSteps } from "../trends/trendStep.ts";
import { procedure, router } from "../trpc.ts";

/** Limits of one answer. */
const LIMITS = { pointsMax: 100, answersMax: 20_000, namesMax: 100, judgesMax: 200, driftSteps: 40 } as const;

const NS_PER_MS = 1_000_000n;

/** Selects the decisions of a time range, and the score of their trace that gives their outcome. */
const Asked = z.strictObject({ project: Project, range: TimeRange, score: z.string().min(1).max(200).default("reward") });

const millisOf = ({ from, to }: TimeWindow) => ({ fromMs: Number(BigInt(from) / NS_PER_MS), toMs: Number(BigInt(to) / NS_PER_MS) });

export const calibrationRouter = router({
  /**
   * The decision points of a project with their confidence, and their
   * accuracy where outcomes are known; and the scores that can give outcomes.
   */
  points: procedure.input(Asked).query(async ({ ctx, input: { project, range, score } }) => {
    const window = { project, ...millisOf(resolveRange(range, ctx.now())) };
    const [points, scores] = await Promise.all([
      ctx.outcomes.points({ ...window, score }, LIMITS.pointsMax),
      ctx.outcomes.names(window, LIMITS.namesMax),
    ]);
    return { points, scores };
  }),

  /** The latest calibration record of each judge of a project, as noted beside its scores. */
  records: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listJudgeCalibrations(ctx.state, project)),

  /** The judges that scored traces of a project, each with its standing. */
  judges: procedure.input(z.strictObject({ project: Project })).query(async ({ ctx, input: { project } }) => {
    const [judges, records] = await Promise.all([
      ctx.outcomes.judges(project, LIMITS.judgesMax),
      listJudgeCalibrations(ctx.state, project),
    ]);
    return judges.map((judge) => ({ ...judge, standing: judgeStanding(records, judge) }));
  }),

  /** The calibration of one decision point, by its latest answers with a known outcome; null where there are none. */
  point: procedure
    .input(Asked.extend({ service: z.string().max(500), name: z.string().max(500) }))
    .query(async ({ ctx, input: { project, range, ...asked } }) => {
      const window = resolveRange(range, ctx.now());
      const stepSeconds = trendStepSeconds(window, LIMITS.driftSteps);
      const { fromMs, toMs } = millisOf(wholeSteps(window, stepSeconds));
      const stepMs = stepSeconds * 1_000;
      const steps = { fromMs, stepMs, count: Math.round((toMs - fromMs) / stepMs) };
      const answers = await ctx.outcomes.answers({ project, ...millisOf(window), ...asked }, LIMITS.answersMax);
      return { steps, isCut: answers.length === LIMITS.answersMax, calibration: calibrateDecisions(answers, steps) };
    }),
});
