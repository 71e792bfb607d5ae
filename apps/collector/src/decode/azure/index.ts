export { decodeTrack, faultOfTrackRecord, type TrackRecord } from "./track.ts";
