import { pythonJson } from "./python/pythonJson.ts";
import { answer, defineTool, refusal } from "./tool.ts";

/** Returns a user's whole document. */
export const getUserDetails = defineTool({
  name: "get_user_details",
  parameters: ["user_id"],
  async run(world, given) {
    const user = await world.get("users", given.user_id);
    return user === undefined ? refusal("user not found") : answer(pythonJson(user));
  },
});
