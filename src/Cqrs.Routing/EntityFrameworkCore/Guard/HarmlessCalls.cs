using System.Collections.Frozen;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// What may stand before a bracket and change nothing: built-in functions, and words that are none. Any other function may be the application's own, and write. A list
/// that is too short costs a command that wrote nothing one look at the primary's position.
/// </summary>
internal static class HarmlessCalls
{
    private const string Words =
        "any some exists sets cube rollup over filter group partition array row rows range lateral using on coalesce nullif cast convert try_cast try_convert parse try_parse extract "
        + "union except intersect limit offset top interval int integer bigint smallint varchar nvarchar char nchar character bit varbit binary varbinary text "
        + "decimal numeric float real double time timetz timestamp timestamptz datetime2 datetimeoffset tablesample within view index key unique collate";

    private const string Functions =
        "count count_big sum avg min max total string_agg array_agg group_concat bool_and bool_or every stdev stddev var variance "
        + "row_number rank dense_rank ntile lag lead first_value last_value percent_rank cume_dist grouping "
        + "abs ceil ceiling floor round trunc sign sqrt square power exp ln log log2 log10 mod pi greatest least random rand random_normal setseed degrees radians "
        + "sin cos tan asin acos atan atan2 atn2 sinh cosh tanh asinh acosh atanh cot "
        + "lower upper length len char_length octet_length datalength substr substring left right trim ltrim rtrim btrim lpad rpad replace concat concat_ws "
        + "position strpos charindex patindex instr reverse repeat replicate space split_part string_split starts_with format to_char to_number to_date to_timestamp "
        + "translate ascii chr quotename md5 encode decode hex unhex regexp "
        + "now current_date current_time current_timestamp localtimestamp clock_timestamp statement_timestamp transaction_timestamp getdate getutcdate sysdatetime "
        + "sysutcdatetime sysdatetimeoffset date datetime julianday strftime unixepoch date_trunc date_part datepart datename dateadd datediff age make_date make_time make_interval time_bucket "
        + "make_timestamp datefromparts year month day hour minute second eomonth isnull ifnull iif "
        + "json openjson to_json to_jsonb row_to_json unnest array_length cardinality array_position "
        + "generate_series pg_typeof typeof version pg_sleep pg_backend_pid pg_current_xact_id_if_assigned pg_is_in_recovery current_setting current_user current_schema "
        + "db_name db_id newid gen_random_uuid uuidv7 uuidv4 uuid_generate_v4 scope_identity changes last_insert_rowid checksum checksum_agg to_tsvector to_tsquery plainto_tsquery "
        + "to_ascii phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd ts_headline numnode querytree setweight strip similarity word_similarity glob like "
        + "array_append array_cat array_prepend array_remove array_replace array_to_string string_to_array array_positions array_lower array_upper array_dims "
        + "isempty lower_inc upper_inc lower_inf upper_inf range_merge int4range int8range numrange tsrange tstzrange daterange multirange range_agg "
        + "range_intersect_agg num_nulls num_nonnulls grouping_id soundex difference freetext contains likelihood likely unlikely printf unicode zeroblob";

    // What EF's SQLite provider adds, and the many functions on documents and regular expressions.
    private static readonly string[] Prefixes = ["ef_", "json_", "jsonb_", "regexp_"];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        $"{Words} {Functions}".Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(SqlToken token)
    {
        if (token.Kind != SqlTokenKind.Word)
            return false;
        if (token.Keyword != SqlKeyword.None || Lookup.Contains(token.Text))
            return true;

        foreach (var prefix in Prefixes)
        {
            if (token.Text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
