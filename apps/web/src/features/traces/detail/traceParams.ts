import { parseAsString, parseAsStringLiteral } from "nuqs";

export const TRACE_VIEWS = ["tree", "waterfall", "conversation"] as const;
export type TraceView = (typeof TRACE_VIEWS)[number];

export const PANEL_TABS = ["messages", "attributes", "events", "raw"] as const;
export type PanelTab = (typeof PANEL_TABS)[number];

/** The trace page's own URL parameters; those of the list that it was opened from are kept beside them. */
export const TRACE_PARAMS = {
  span: parseAsString,
  view: parseAsStringLiteral(TRACE_VIEWS).withDefault("waterfall"),
  tab: parseAsStringLiteral(PANEL_TABS).withDefault("messages"),
};
