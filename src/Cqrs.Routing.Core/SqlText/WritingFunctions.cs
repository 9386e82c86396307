using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>
/// Functions that write, lock or lift a read-only session although a SELECT calls them. What an application's own functions do, only the
/// database can know.
/// </summary>
internal static class WritingFunctions
{
    // dblink, OPENQUERY, OPENROWSET, query_to_xml, ts_stat and ts_rewrite take a text that nobody here reads. A standby grants advisory locks, but they lock nobody out on the primary.
    private const string Names =
        "nextval setval set_config pg_notify pg_logical_emit_message pg_switch_wal pg_create_restore_point pg_promote pg_wal_replay_pause pg_wal_replay_resume "
        + "pg_reload_conf pg_create_physical_replication_slot pg_create_logical_replication_slot pg_copy_physical_replication_slot "
        + "pg_copy_logical_replication_slot pg_drop_replication_slot pg_replication_slot_advance pg_logical_slot_get_changes pg_logical_slot_get_binary_changes "
        + "lo_creat lo_create lo_import lo_export lo_unlink lo_put lo_from_bytea lo_truncate lo_truncate64 lowrite "
        + "brin_summarize_new_values brin_summarize_range brin_desummarize_range gin_clean_pending_list query_to_xml query_to_xmlschema query_to_xml_and_xmlschema ts_stat ts_rewrite "
        + "dblink dblink_exec dblink_open dblink_send_query load_extension writefile edit fts3_tokenizer icu_load_collation "
        + "get_lock release_lock release_all_locks service_release_locks openrowset openquery";

    // MySQL's, by its documentation, but for the first two.
    private static readonly string[] Families =
        ["pg_advisory_", "pg_try_advisory_", "asynchronous_connection_failover_", "audit_log_", "group_replication_", "keyring_key_", "service_get_", "version_tokens_"];

    private static readonly WordSet Lookup = new(Names);

    /// <summary>Whether a call of the function is refused.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="arguments">What follows the opening bracket.</param>
    /// <param name="dialect">Whose functions may be called.</param>
    public static bool Refuses(ReadOnlySpan<char> function, SqlTokenizer arguments, SqlDialect dialect)
    {
        if (!Lookup.Contains(function))
            return IsOfFamily(function) || (dialect == SqlDialect.Sqlite && IsSame("optimize", function)) || (dialect == SqlDialect.PostgreSql && PostgreSqlFunctions.MayAct(function));
        if (IsSame("set_config", function))
            return !SessionSettings.IsHarmlessCall(arguments);
        return !IsSame("openrowset", function) || arguments.Peek().Keyword != SqlKeyword.Bulk;
    }

    private static bool IsOfFamily(ReadOnlySpan<char> function)
    {
        foreach (var family in Families)
        {
            if (function.StartsWith(family, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool IsSame(string name, ReadOnlySpan<char> function) => function.Equals(name, StringComparison.OrdinalIgnoreCase);
}
