using System.Collections.Frozen;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// Functions that write, lock or lift a read-only session although a SELECT calls them. What an application's own functions do, only the
/// database can know.
/// </summary>
internal static class WritingFunctions
{
    // dblink, OPENQUERY and OPENROWSET send a text elsewhere that nobody here reads. A standby grants advisory locks, but they lock nobody out on the primary.
    private const string Names =
        "nextval setval set_config pg_notify pg_logical_emit_message pg_switch_wal pg_create_restore_point pg_promote pg_wal_replay_pause pg_wal_replay_resume "
        + "pg_reload_conf pg_create_physical_replication_slot pg_create_logical_replication_slot pg_copy_physical_replication_slot "
        + "pg_copy_logical_replication_slot pg_drop_replication_slot pg_replication_slot_advance pg_logical_slot_get_changes pg_logical_slot_get_binary_changes "
        + "lo_creat lo_create lo_import lo_export lo_unlink lo_put lo_from_bytea lo_truncate lo_truncate64 lowrite "
        + "dblink dblink_exec dblink_open dblink_send_query load_extension writefile get_lock release_lock release_all_locks openrowset openquery";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Names.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a call of the function is refused.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="arguments">What follows the opening bracket.</param>
    public static bool Refuses(ReadOnlySpan<char> function, SqlTokenizer arguments)
    {
        if (!Lookup.Contains(function))
            return IsPrefix("pg_advisory_", function) || IsPrefix("pg_try_advisory_", function);
        if (IsSame("set_config", function))
            return !SessionSettings.IsHarmlessCall(arguments);
        return !IsSame("openrowset", function) || arguments.Peek().Keyword != SqlKeyword.Bulk;
    }

    private static bool IsSame(string name, ReadOnlySpan<char> function) => function.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsPrefix(string prefix, ReadOnlySpan<char> function) => function.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
