// The parameters that a database URL can have: those of libpq, of the Postgres server, and of other drivers and tools.

/** Parameters of the connection itself, which `database-url.ts` interprets. */
export const connectionParameters = [
  'host',
  'hostaddr',
  'port',
  'user',
  'password',
  'dbname',
  'application_name',
  'client_encoding',
  'connect_timeout',
  'load_balance_hosts',
  'options',
  'schema',
  'ssl',
  'sslaccept',
  'sslcert',
  'sslcrl',
  'sslkey',
  'sslmode',
  'sslnegotiation',
  'sslpassword',
  'sslrootcert',
  'sslsni',
  'ssl_max_protocol_version',
  'ssl_min_protocol_version',
  'target_session_attrs',
] as const;

/** Alternative names of JDBC, Prisma, node-postgres and Rails for the same parameters. */
export const parameterAliases: Readonly<Record<string, string>> = {
  applicationname: 'application_name',
  currentschema: 'search_path',
  database: 'dbname',
  encoding: 'client_encoding',
  fallback_application_name: 'application_name',
  hostname: 'host',
  schema_search_path: 'search_path',
  sslpass: 'sslpassword',
  username: 'user',
};

/**
 * Parameters of libpq and of other drivers and tools that only configure those: the service ignores them. In lower case.
 */
export const ignoredParameters: ReadonlySet<string> = new Set(
  `
  channel_binding gsslib gssdelegation gssencmode keepalives keepalives_count keepalives_idle keepalives_interval
  krbsrvname max_protocol_version min_protocol_version passfile require_auth requirepeer scram_client_key
  scram_server_key servicefile sslcertmode sslcompression sslkeylogfile tcp_user_timeout

  connection_limit max_connection_lifetime max_idle_connection_lifetime pgbouncer pool_timeout socket_timeout
  statement_cache_size single_use_connections

  allow_exit_on_idle connectiontimeoutmillis enablechannelbinding idletimeoutmillis keepalive
  keepaliveinitialdelaymillis max min query_timeout uselibpqcompat

  backoff debug fetch_types idle_timeout keep_alive max_lifetime max_pipeline no_prepare prepare publications

  command_timeout direct_tls max_cacheable_statement_size prepared_statement_cache_size prepared_statement_name_func

  default_query_exec_mode description_cache_capacity min_read_buffer_size pool_health_check_period
  pool_max_conn_idle_time pool_max_conn_lifetime pool_max_conn_lifetime_jitter pool_max_conns pool_min_conns
  pool_min_idle_conns prefer_simple_protocol statement_cache_capacity statement_cache_mode

  binary_parameters disable_prepared_binary_result

  checkout_timeout idle_timeout pool pool_size prepared_statements reaping_frequency statement_limit
  conn_max_age conn_health_checks disable_server_side_cursors max_overflow pool_pre_ping pool_recycle sslhostaddr
  server_side_cursors

  adaptivefetch adaptivefetchmaximum adaptivefetchminimum allowencodingchanges assumeminserverversion
  authenticationpluginclassname autosave binarytransfer binarytransferdisable binarytransferenable
  cancelsignaltimeout cleanupsavepoints connecttimeout databasemetadatacachefields
  databasemetadatacachefieldsmib defaultrowfetchsize disablecolumnsanitiser escapesyntaxcallmode gssencmode
  gssresponsetimeout hiderunprivilegedobjects hostrecheckseconds includethreadnameinapplicationname jaasapplicationname
  jaaslogin kerberosservername loadbalancehosts localsocketaddress logservererrordetail loggerlevel logintimeout
  logunclosedconnections maxresultbuffer maxsendbuffersize preferquerymode preparethreshold
  preparedstatementcachequeries preparedstatementcachesizemib protocolversion quotereturningidentifiers
  readonlymode receivebuffersize rewritebatchedinserts sendbuffersize socketfactory socketfactoryarg sockettimeout
  sslfactory sslfactoryarg sslhostnameverifier sslpasswordcallback sslresponsetimeout sspiserviceclass stringtype
  targetservertype tcpkeepalive tcpnodelay unknownlength usespnego

  supa workaround
`
    .trim()
    .split(/\s+/),
);

/** Parameters that cannot be ignored, because another connection would result, with what to write instead. */
export const refusedParameters: Readonly<Record<string, string>> = {
  replication: 'requests a replication connection; remove it',
  requiressl: 'is not supported; write sslmode=require',
  service: 'names an entry of pg_service.conf, which is not read; write its host, port and database in the URL',
  sslcrldir: 'is not supported; name one file: sslcrl=/path/to/crl.pem',
  sslidentity: 'is not supported; name PEM files: sslcert=/path/to/client.crt&sslkey=/path/to/client.key',
};

/** Settings that a client can change, of Postgres 15 to 18 (`pg_settings`). Names with a dot belong to extensions. */
export const serverSettings: ReadonlySet<string> = new Set(
  `
  DateStyle IntervalStyle TimeZone allow_in_place_tablespaces allow_system_table_mods array_nulls backend_flush_after
  backslash_quote backtrace_functions bytea_output check_function_bodies client_connection_check_interval
  client_min_messages commit_delay commit_siblings composite_type_mismatch compute_query_id constraint_exclusion
  cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost createrole_self_grant cursor_tuple_fraction deadlock_timeout
  debug_discard_caches debug_logical_replication_streaming debug_parallel_query debug_pretty_print debug_print_parse
  debug_print_plan debug_print_rewritten default_statistics_target default_table_access_method default_tablespace
  default_text_search_config default_toast_compression default_transaction_deferrable default_transaction_isolation
  default_transaction_read_only dynamic_library_path effective_cache_size effective_io_concurrency enable_async_append
  enable_bitmapscan enable_distinct_reordering enable_gathermerge enable_group_by_reordering enable_hashagg
  enable_hashjoin enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material enable_memoize
  enable_mergejoin enable_nestloop enable_parallel_append enable_parallel_hash enable_partition_pruning
  enable_partitionwise_aggregate enable_partitionwise_join enable_presorted_aggregate enable_self_join_elimination
  enable_seqscan enable_sort enable_tidscan escape_string_warning event_triggers exit_on_error extension_control_path
  extra_float_digits file_copy_method force_parallel_mode from_collapse_limit geqo geqo_effort geqo_generations
  geqo_pool_size geqo_seed geqo_selection_bias geqo_threshold gin_fuzzy_search_limit gin_pending_list_limit
  hash_mem_multiplier icu_validation_level idle_in_transaction_session_timeout idle_session_timeout
  ignore_checksum_failure ignore_system_indexes io_combine_limit jit jit_above_cost jit_debugging_support
  jit_dump_bitcode jit_expressions jit_inline_above_cost jit_optimize_above_cost jit_profiling_support
  jit_tuple_deforming join_collapse_limit lc_messages lc_monetary lc_numeric lc_time lo_compat_privileges
  local_preload_libraries lock_timeout log_connections log_disconnections log_duration log_error_verbosity
  log_executor_stats log_lock_waits log_min_duration_sample log_min_duration_statement log_min_error_statement
  log_min_messages log_parameter_max_length log_parameter_max_length_on_error log_parser_stats log_planner_stats
  log_replication_commands log_statement log_statement_sample_rate log_statement_stats log_temp_files
  log_transaction_sample_rate logical_decoding_work_mem maintenance_io_concurrency maintenance_work_mem
  max_parallel_maintenance_workers max_parallel_workers max_parallel_workers_per_gather max_stack_depth
  md5_password_warnings min_parallel_index_scan_size min_parallel_table_scan_size parallel_leader_participation
  parallel_setup_cost parallel_tuple_cost password_encryption plan_cache_mode post_auth_delay quote_all_identifiers
  random_page_cost recursive_worktable_factor restrict_nonsystem_relation_kind row_security scram_iterations
  search_path seq_page_cost session_preload_libraries session_replication_role standard_conforming_strings
  statement_timeout stats_fetch_consistency synchronize_seqscans synchronous_commit tcp_keepalives_count
  tcp_keepalives_idle tcp_keepalives_interval tcp_user_timeout temp_buffers temp_file_limit temp_tablespaces
  timezone_abbreviations trace_notify trace_sort track_activities track_cost_delay_timing track_counts track_functions
  track_io_timing track_wal_io_timing transaction_timeout transform_null_equals update_process_title
  vacuum_buffer_usage_limit vacuum_cost_delay vacuum_cost_limit vacuum_cost_page_dirty vacuum_cost_page_hit
  vacuum_cost_page_miss vacuum_failsafe_age vacuum_freeze_min_age vacuum_freeze_table_age
  vacuum_max_eager_freeze_failure_rate vacuum_multixact_failsafe_age vacuum_multixact_freeze_min_age
  vacuum_multixact_freeze_table_age vacuum_truncate wal_compression wal_consistency_checking wal_init_zero wal_recycle
  wal_sender_timeout wal_skip_threshold work_mem xmlbinary xmloption zero_damaged_pages role
`
    .trim()
    .toLowerCase()
    .split(/\s+/),
);
