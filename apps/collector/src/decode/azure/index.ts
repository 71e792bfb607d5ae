export * from "./itemsByKey.ts";
export { decodeTrack, faultOfTrackRecord, type TrackRecord } from "./track.ts";
