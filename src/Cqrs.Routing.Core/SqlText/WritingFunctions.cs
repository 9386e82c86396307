using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>
/// Lists functions that write, lock or make a read-only session writable although a SELECT calls them. For an application's own functions, only the database can know
/// that.
/// </summary>
internal static class WritingFunctions
{
    // dblink, OPENQUERY, OPENROWSET, query_to_xml, ts_stat and ts_rewrite take a text that the guard does not read. A standby grants advisory locks, but they block no
    // session on the primary.
    private const string Names =
        "nextval setval set_config pg_notify pg_logical_emit_message pg_switch_wal pg_create_restore_point pg_promote pg_wal_replay_pause pg_wal_replay_resume "
        + "pg_reload_conf pg_create_physical_replication_slot pg_create_logical_replication_slot pg_copy_physical_replication_slot "
        + "pg_copy_logical_replication_slot pg_drop_replication_slot pg_replication_slot_advance pg_logical_slot_get_changes pg_logical_slot_get_binary_changes "
        + "lo_creat lo_create lo_import lo_export lo_unlink lo_put lo_from_bytea lo_truncate lo_truncate64 lowrite "
        + "brin_summarize_new_values brin_summarize_range brin_desummarize_range gin_clean_pending_list query_to_xml query_to_xmlschema query_to_xml_and_xmlschema ts_stat ts_rewrite "
        + "dblink dblink_exec dblink_open dblink_send_query load_extension writefile edit fts3_tokenizer icu_load_collation "
        + "get_lock release_lock release_all_locks service_release_locks openrowset openquery";

    // Function families of MySQL, by its documentation. The first two are PostgreSQL's.
    private static readonly string[] Families =
        ["pg_advisory_", "pg_try_advisory_", "asynchronous_connection_failover_", "audit_log_", "group_replication_", "keyring_key_", "service_get_", "version_tokens_"];

    private static readonly WordSet Lookup = new(Names);

    /// <summary>Returns whether a call of the function is refused.</summary>
    /// <param name="function">The name of the function.</param>
    /// <param name="arguments">The tokens after the opening parenthesis.</param>
    /// <param name="dialect">The dialect whose functions may be called.</param>
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
