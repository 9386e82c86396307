using Cqrs.Routing.SqlText;
using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.ConformanceTests.Texts;

/// <summary>The guard classifies each function and pragma of the provider's SQLite, so a new version shows new ones.</summary>
public sealed class SqliteFunctionTests
{
    // All known functions, as far as a family does not stand for them.
    private const string Reading =
        "-> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce concat concat_ws cos cosh count cume_dist current_date current_time current_timestamp "
        + "date datetime degrees dense_rank exp first_value floor format fts5 fts5_get_locale fts5_insttoken fts5_locale fts5_source_id geopoly_area geopoly_bbox geopoly_blob geopoly_ccw "
        + "geopoly_contains_point geopoly_debug geopoly_group_bbox geopoly_json geopoly_overlap geopoly_regular geopoly_svg geopoly_within geopoly_xform glob group_concat hex highlight if ifnull iif instr "
        + "julianday lag last_insert_rowid last_value lead length like likelihood likely ln log log10 log2 lower ltrim match matchinfo max median min mod nth_value ntile nullif octet_length offsets "
        + "percent_rank percentile percentile_cont percentile_disc pi pow power printf quote radians random randomblob rank regexp replace round row_number rtreecheck rtreedepth rtreenode rtrim sign sin sinh snippet soundex sqlite_compileoption_get "
        + "sqlite_compileoption_used sqlite_log sqlite_offset sqlite_source_id sqlite_version sqrt strftime string_agg subtype substr substring sum tan tanh time timediff total total_changes trim trunc "
        + "typeof unhex unicode unistr unistr_quote unixepoch unlikely upper zeroblob";

    private const string Acting = "fts3_tokenizer load_extension optimize";

    // Pragmas that write, or whose setting would do something to the next user of the connection.
    private const string ActingPragmas = "incremental_vacuum optimize shrink_memory wal_checkpoint";

    [Fact]
    [Trait("Case", "C127")]
    public void Every_SQLite_function_is_known_to_read_or_to_act()
    {
        var functions = List("SELECT DISTINCT name FROM pragma_function_list");

        functions.Count.ShouldBeGreaterThan(80);
        functions.Except(Reading.Split(' ')).Except(Acting.Split(' ')).Where(function => !function.StartsWith("json", StringComparison.Ordinal)).ShouldBeEmpty("does it read or act?");
        functions.Intersect(Acting.Split(' ')).Where(function => SqlClassifier.Classify($"SELECT {function}(1)", SqlDialect.Sqlite).IsRead).ShouldBeEmpty("these act");
    }

    [Fact]
    [Trait("Case", "C115")]
    public void Every_pragma_that_may_be_read_is_known()
    {
        var pragmas = List("SELECT name FROM pragma_pragma_list");

        pragmas.Count.ShouldBeGreaterThan(50);
        pragmas.Where(pragma => !SqlClassifier.Classify($"PRAGMA {pragma}", SqlDialect.Sqlite).IsRead).Except(ActingPragmas.Split(' ')).Except(Unlisted).ShouldBeEmpty("does it read or act?");
        pragmas.Where(pragma => !SqlClassifier.Classify($"SELECT * FROM pragma_{pragma}", SqlDialect.Sqlite).IsRead).Except(ActingPragmas.Split(' ')).Except(Unlisted).ShouldBeEmpty();
    }

    // Deprecated or for debugging, so not worth a place in the list.
    private static string[] Unlisted =>
        ["case_sensitive_like", "count_changes", "default_cache_size", "empty_result_callbacks", "full_column_names", "short_column_names", "temp_store_directory", "data_store_directory", "stats", "hexkey", "hexrekey", "key", "rekey", "textkey", "textrekey", "activate_extensions"];

    private static List<string> List(string sql)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var names = new List<string>();
        while (rows.Read())
            names.Add(rows.GetString(0));
        return names;
    }
}
