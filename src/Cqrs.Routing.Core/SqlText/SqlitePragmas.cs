using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>Checks SQLite's pragmas: a query may read a setting, but not change one.</summary>
internal static class SqlitePragmas
{
    // The argument of these pragmas is part of the question.
    private static readonly WordSet Questions = new(
        "table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check integrity_check quick_check");

    // Not listed, because they change data or state: optimize, incremental_vacuum, wal_checkpoint, shrink_memory.
    private static readonly WordSet Settings = new(
        "analysis_limit application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill cell_size_check checkpoint_fullfsync collation_list "
        + "compile_options data_version database_list defer_foreign_keys encoding foreign_keys freelist_count fullfsync function_list hard_heap_limit "
        + "ignore_check_constraints journal_mode journal_size_limit legacy_alter_table locking_mode max_page_count mmap_size module_list page_count page_size "
        + "pragma_list query_only read_uncommitted recursive_triggers reverse_unordered_selects schema_version secure_delete soft_heap_limit synchronous "
        + "temp_store threads trusted_schema user_version wal_autocheckpoint writable_schema");

    // These changes outlive the query in its pooled connection, but they do not affect what any statement reads or writes. Not listed, because they would affect the next
    // command: foreign_keys, recursive_triggers, ignore_check_constraints, query_only, case_sensitive_like, read_uncommitted, and temp_store, which drops temporary
    // tables.
    private static readonly WordSet Speed = new("busy_timeout cache_size cache_spill mmap_size threads");

    private const string TablePrefix = "pragma_";

    /// <summary>Returns whether this may be the name of a table that executes a pragma which is not known to read: SELECT * FROM pragma_optimize.</summary>
    public static bool IsWritingTable(ReadOnlySpan<char> name) => name.StartsWith(TablePrefix, StringComparison.OrdinalIgnoreCase)
        && name[TablePrefix.Length..] is var pragma && !Questions.Contains(pragma) && !Settings.Contains(pragma);

    /// <summary>Reads the name after the word PRAGMA and returns whether the statement only reads.</summary>
    public static bool IsRead(ref SqlTokenizer tokens)
    {
        var name = tokens.Next();
        if (tokens.Peek().Is('.'))
        {
            tokens.Next();
            name = tokens.Next();
        }

        return Questions.Contains(name.Text)
            || (tokens.Peek().IsEnd && Settings.Contains(name.Text))
            || (Speed.Contains(name.Text) && TakesValue(tokens));
    }

    // Accepts = value, or (value).
    private static bool TakesValue(SqlTokenizer ahead)
    {
        var open = ahead.Next();
        var value = ahead.Next();
        if (value.Is('-') || value.Is('+'))
            value = ahead.Next();
        return value.Kind is SqlTokenKind.Word or SqlTokenKind.Value
            && (open.Is('=') || (open.Is('(') && ahead.Next().Is(')')))
            && ahead.Next().IsEnd;
    }
}
