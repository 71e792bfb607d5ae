import type { AirlineData } from "@signalbox/model";

/**
 * The data as they were at recording time, when the key `state` of every address was `province`. The key
 * keeps its place. Without this step every recorded `get_user_details` and every recorded data hash differs.
 */
export function renameStateToProvince(data: AirlineData): AirlineData {
  const users = Object.entries(data.users).map(([id, user]) => {
    const address = Object.entries(user.address).map(([key, value]) => [key === "state" ? "province" : key, value]);
    return [id, { ...user, address: Object.fromEntries(address) }];
  });
  return { ...data, users: Object.fromEntries(users) };
}
