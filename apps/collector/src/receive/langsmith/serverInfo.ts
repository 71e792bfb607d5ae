import { BODY_BYTES_MAX } from "../../decode/index.ts";

/**
 * What `GET /info` answers: what we take and in which portions. Clients compress with zstd or gzip where it is offered here, and want every
 * limit or none. A portion stays far below the largest body, since clients lose what is refused for its size.
 */
export const SERVER_INFO = {
  version: "0.18.0",
  instance_flags: {
    gzip_body_enabled: true,
    zstd_compression_enabled: true,
    dataset_examples_multipart_enabled: true,
    ch_query_enabled: true,
    sdb_query_enabled: false,
  },
  batch_ingest_config: {
    use_multipart_endpoint: true,
    size_limit: 100,
    size_limit_bytes: Math.floor(BODY_BYTES_MAX / 4),
    scale_up_qsize_trigger: 1_000,
    scale_up_nthreads_limit: 16,
    scale_down_nempty_trigger: 4,
  },
} as const;
