import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { aWeatherService } from "./aWeatherService.ts";

/** The weather server over standard streams. */
await aWeatherService(process.argv[2] ?? "").connect(new StdioServerTransport());
