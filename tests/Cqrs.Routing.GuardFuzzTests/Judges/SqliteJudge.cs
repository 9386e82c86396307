using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cqrs.Routing.GuardFuzzTests.Judges;

/// <summary>SQLite, statement by statement as the driver sends them; parameters are null.</summary>
internal sealed class SqliteJudge : IJudge
{
    private const int MaxSteps = 2_000;

    // Everything that a text may leave behind for the next one. What the guard lets pragmas change is not here: how much memory and time a statement may take.
    private const string Fingerprint = """
        SELECT (SELECT group_concat(a || ' ' || b) FROM t) || '|' || (SELECT group_concat(a) FROM u) || '|' || (SELECT group_concat(seq) FROM sqlite_sequence)
            || '|' || (SELECT group_concat(name) FROM sqlite_schema) || '|' || (SELECT count(*) FROM sqlite_temp_schema) || '|' || (SELECT group_concat(name) FROM pragma_database_list)
            || '|' || (SELECT foreign_keys FROM pragma_foreign_keys) || (SELECT recursive_triggers FROM pragma_recursive_triggers) || (SELECT query_only FROM pragma_query_only)
            || (SELECT read_uncommitted FROM pragma_read_uncommitted) || (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) || (SELECT user_version FROM pragma_user_version)
            || (SELECT application_id FROM pragma_application_id) || (SELECT journal_mode FROM pragma_journal_mode) || (SELECT schema_version FROM pragma_schema_version)
            || (SELECT defer_foreign_keys FROM pragma_defer_foreign_keys) || (SELECT writable_schema FROM pragma_writable_schema) || (SELECT temp_store FROM pragma_temp_store) || ('a' LIKE 'A')
        """;

    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly sqlite3 _database;
    private string _before;

    public SqliteJudge()
    {
        _connection.Open();
        _database = _connection.Handle!;
        Execute("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b); INSERT INTO t VALUES (1, 'x'), (2, 'y'); CREATE TABLE u (a); INSERT INTO u VALUES (3); CREATE INDEX i ON t (b)");
        _before = Fingerprints();
    }

    public Task<(bool Succeeded, string? Change)> TryAsync(string sql)
    {
        var succeeded = Execute(sql);
        if (raw.sqlite3_get_autocommit(_database) == 0)
            Execute("ROLLBACK");
        var after = Fingerprints();
        var change = after == _before ? null : $"{_before}\n became\n{after}";
        _before = after;
        return Task.FromResult((succeeded, change));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private bool Execute(string sql)
    {
        var rest = sql;
        while (rest.Length > 0)
        {
            if (raw.sqlite3_prepare_v2(_database, rest, out var statement, out rest) != raw.SQLITE_OK)
                return false;

            using (statement)
            {
                if (!IsStepped(statement))
                    return false;
            }
        }

        return true;
    }

    private static bool IsStepped(sqlite3_stmt statement)
    {
        // Space and comments make none.
        if (statement.IsInvalid)
            return true;

        for (var step = 0; step < MaxSteps; step++)
        {
            var result = raw.sqlite3_step(statement);
            if (result != raw.SQLITE_ROW)
                return result == raw.SQLITE_DONE;
        }

        return true;
    }

    // Counts also what was rolled back.
    private string Fingerprints()
    {
        try
        {
            using var command = new SqliteCommand(Fingerprint, _connection);
            return $"{command.ExecuteScalar()}|{raw.sqlite3_total_changes(_database)}";
        }
        catch (SqliteException e)
        {
            // A table is gone.
            return e.Message;
        }
    }
}
