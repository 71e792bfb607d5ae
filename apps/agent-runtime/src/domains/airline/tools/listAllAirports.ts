import { pythonJson } from "./python/pythonJson.ts";
import { answer, defineTool } from "./tool.ts";

/** The airports served, from code to city, in the order of the tool's answer. */
export const AIRPORTS = {
  SFO: "San Francisco",
  JFK: "New York",
  LAX: "Los Angeles",
  ORD: "Chicago",
  DFW: "Dallas",
  DEN: "Denver",
  SEA: "Seattle",
  ATL: "Atlanta",
  MIA: "Miami",
  BOS: "Boston",
  PHX: "Phoenix",
  IAH: "Houston",
  LAS: "Las Vegas",
  MCO: "Orlando",
  EWR: "Newark",
  CLT: "Charlotte",
  MSP: "Minneapolis",
  DTW: "Detroit",
  PHL: "Philadelphia",
  LGA: "LaGuardia",
} as const;

/** Lists every airport with its city. */
export const listAllAirports = defineTool({
  name: "list_all_airports",
  parameters: [],
  run: () => answer(pythonJson(AIRPORTS)),
});
