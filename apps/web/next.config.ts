import type { NextConfig } from "next";

const config: NextConfig = {
  // `npm test` checks the types with everything else's; a start should not wait for them.
  typescript: { ignoreBuildErrors: true },
  agentRules: false,
  poweredByHeader: false,
  devIndicators: false,
  reactStrictMode: true,
};

export default config;
