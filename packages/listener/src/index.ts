export { type Listener, type ListenerOptions, openListener, whyNotListening } from "./listener.ts";
export { parseBody } from "./parseBody.ts";
export { runApp } from "./runApp.ts";
