import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { aWeatherService } from "./aWeatherService.ts";

/** A server of weather that speaks over its standard streams. */
await aWeatherService(process.argv[2] ?? "").connect(new StdioServerTransport());
