using System.Collections.Frozen;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// Functions that write, lock or lift a read-only session although a SELECT calls them. What an application's own functions do, only the
/// database can know.
/// </summary>
internal static class WritingFunctions
{
    // A standby grants advisory locks, but they lock nobody out on the primary. set_config can turn a read-only session into one that writes.
    private const string Names =
        "nextval setval set_config pg_notify pg_logical_emit_message pg_switch_wal pg_create_restore_point pg_promote "
        + "lo_creat lo_create lo_import lo_unlink lo_put lo_from_bytea lo_truncate lo_truncate64 lowrite dblink_exec "
        + "load_extension writefile get_lock release_lock release_all_locks openrowset openquery opendatasource";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Names.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> function) =>
        Lookup.Contains(function)
        || function.StartsWith("pg_advisory_", StringComparison.OrdinalIgnoreCase)
        || function.StartsWith("pg_try_advisory_", StringComparison.OrdinalIgnoreCase);
}
