"use client";
export { ChartCursor, useCursor } from "./ChartCursor.tsx";
export { ChartTable } from "./ChartTable.tsx";
export { CHART_UNITS, type ChartSeries, type ChartUnit } from "./chartSeries.ts";
export { Sparkline } from "./Sparkline.tsx";
export { type ChartMark, TimeChart } from "./TimeChart.tsx";
export { alongGrid, type Stretch, startOf, stepsName, type TimeGrid } from "./timeGrid.ts";
export { valueTicks } from "./valueTicks.ts";
