import { BODY_BYTES_MAX } from "../../decode/index.ts";

/**
 * The answer to `GET /info`: the features and batch limits of this server. Clients compress with zstd or gzip if it is offered here, and
 * expect all limits or none. The batch size stays far below the largest body, since clients lose a batch that is refused for its size.
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
