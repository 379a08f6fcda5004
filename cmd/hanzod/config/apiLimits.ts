import type { GrpcLimits } from "../../../app/api/grpcLimits.ts";
import type { HttpLimits } from "../../../app/api/httpLimits.ts";
import type { AppConfig } from "./settings.ts";

/** What the REST port grants by these settings. */
export function httpLimitsOf(config: AppConfig): HttpLimits {
  return {
    maxConnections: config["api.max-open-connections"],
    readTimeoutMs: config["api.rpc-read-timeout"] * 1000,
    writeTimeoutMs: config["api.rpc-write-timeout"] * 1000,
    maxBodyBytes: config["api.rpc-max-body-bytes"],
    maxCalls: config["api.max-calls"],
  };
}

/** What the gRPC port grants by these settings. */
export function grpcLimitsOf(config: AppConfig): GrpcLimits {
  return {
    maxConnections: config["grpc.max-open-connections"],
    readTimeoutMs: config["grpc.read-timeout"] * 1000,
    writeTimeoutMs: config["grpc.write-timeout"] * 1000,
    maxReceiveBytes: config["grpc.max-recv-msg-size"],
    maxSendBytes: config["grpc.max-send-msg-size"],
    maxStreams: config["grpc.max-concurrent-streams"],
    maxCalls: config["grpc.max-calls"],
  };
}
