/// The access log settings that give meshweft all it can use.
///
/// Operators are Envoy's (configuration/observability/access_log/usage); where they are set is Istio's meshConfig and
/// Telemetry API, and Alibaba ASM's "log format" of the mesh's observability settings.
enum LogFormatAdvice {
  static let text = """
    The log format that helps (Istio: meshConfig.accessLogEncoding JSON with accessLogFormat; ASM: the mesh's access
    log format; every field is one that Envoy has):

      accessLogFile: /dev/stdout
      accessLogEncoding: JSON
      accessLogFormat: |
        {"start_time": "%START_TIME(%Y-%m-%dT%H:%M:%S.%6fZ)%", "duration": "%DURATION%",
         "duration_us": "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)%",
         "method": "%REQ(:METHOD)%", "path": "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%", "protocol": "%PROTOCOL%",
         "response_code": "%RESPONSE_CODE%", "response_flags": "%RESPONSE_FLAGS%",
         "response_code_details": "%RESPONSE_CODE_DETAILS%",
         "bytes_received": "%BYTES_RECEIVED%", "bytes_sent": "%BYTES_SENT%",
         "request_id": "%REQ(X-REQUEST-ID)%", "trace_id": "%TRACE_ID%", "authority": "%REQ(:AUTHORITY)%",
         "user_agent": "%REQ(USER-AGENT)%", "upstream_host": "%UPSTREAM_HOST%",
         "upstream_cluster": "%UPSTREAM_CLUSTER%", "upstream_local_address": "%UPSTREAM_LOCAL_ADDRESS%",
         "downstream_local_address": "%DOWNSTREAM_LOCAL_ADDRESS%",
         "downstream_remote_address": "%DOWNSTREAM_REMOTE_ADDRESS%",
         "requested_server_name": "%REQUESTED_SERVER_NAME%", "route_name": "%ROUTE_NAME%",
         "access_log_type": "%ACCESS_LOG_TYPE%", "connection_id": "%CONNECTION_ID%",
         "upstream_connection_id": "%UPSTREAM_CONNECTION_ID%"}

    A proxy logs a connection when it closes. To see long ones earlier, on the cross-network proxy (EnvoyFilter on
    envoy.filters.network.tcp_proxy):

      access_log_options: {access_log_flush_interval: 60s}
    """
}
