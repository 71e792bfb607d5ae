import { type Stretch, startOf, type TimeGrid } from "../../components/chart/index.ts";
import { tracesLink } from "../traces/index.ts";
import { type PlotId, type Subject, subjectOf, type TrendParams } from "./trendParams.ts";

/** The list of the traces that began in a stretch of a chart; only failed ones if the chart shows failures. */
export function stretchLink(params: TrendParams, plot: PlotId, grid: TimeGrid, { first, last }: Stretch): string {
  const { project, service, model } = params;
  return tracesLink({
    project,
    from: new Date(startOf(grid, first)).toISOString(),
    to: new Date(startOf(grid, last + 1)).toISOString(),
    ...(service ? { service: [service] } : {}),
    ...(model ? { model: [model] } : {}),
    ...(plot === "errors" ? failed(subjectOf(params)) : {}),
  });
}

/** The filter for failures: a trace fails by its root span, a call by its own. */
function failed(subject: Subject): Parameters<typeof tracesLink>[0] {
  return subject === "traces" ? { status: ["error"] } : { errors: true };
}
