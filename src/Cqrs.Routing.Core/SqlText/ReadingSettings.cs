using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>
/// Checks settings that make a server read later texts differently from the guard. These are encodings in which a character may contain a backslash, and MySQL's modes
/// for quotes. Only values that are known to change nothing there are allowed.
/// </summary>
internal static class ReadingSettings
{
    private const string SqlMode = "sql_mode";

    private static readonly WordSet Encodings = new("client_encoding character_set_client character_set_connection");

    private static readonly WordSet SafeEncodings = new("default utf8 utf-8 unicode utf8mb3 utf8mb4 latin1 ascii binary");

    // Not listed: ANSI, ANSI_QUOTES, NO_BACKSLASH_ESCAPES, and the modes of other databases, which imply them.
    private static readonly WordSet SafeModes = new(
        "allow_invalid_dates error_for_division_by_zero high_not_precedence no_auto_create_user no_auto_value_on_zero no_dir_in_create no_engine_substitution "
        + "no_unsigned_subtraction no_zero_date no_zero_in_date only_full_group_by pad_char_to_full_length real_as_float strict_all_tables strict_trans_tables "
        + "time_truncate_fractional traditional");

    public static bool IsEncoding(ReadOnlySpan<char> name) => Encodings.Contains(name);

    /// <summary>Returns whether a name in a SET is such a setting, or NAMES, and its value is not known to be harmless.</summary>
    public static bool Changes(ReadOnlySpan<char> name, SqlTokenizer ahead, SqlDialect dialect)
    {
        if (Is(name, "names") || Is(name, "charset"))
            return ahead.Peek().Kind is SqlTokenKind.Word or SqlTokenKind.String && !IsSafe(ahead, isMode: false);
        if (Is(name, "character"))
            return ahead.Next().Keyword == SqlKeyword.Set && !IsSafe(ahead, isMode: false);

        var isMode = dialect == SqlDialect.MySql && Is(name, SqlMode);
        if (!isMode && !Encodings.Contains(name))
            return false;

        var assignment = ahead.Next();
        if (assignment.Is(':'))
            assignment = ahead.Next();
        return (assignment.Is('=') || assignment.Keyword == SqlKeyword.To) && !IsSafe(ahead, isMode);
    }

    // MySQL concatenates adjacent strings, so nothing may follow.
    private static bool IsSafe(SqlTokenizer ahead, bool isMode)
    {
        var value = ahead.Next();
        var isKnown = value.Kind == SqlTokenKind.String && isMode ? AreSafeModes(value.Text)
            : value.Kind is SqlTokenKind.Word or SqlTokenKind.String && (isMode ? Is(value.Text, "default") : SafeEncodings.Contains(value.Text));
        return isKnown && (ahead.Peek().IsEnd || ahead.Peek().Is(',') || ahead.Peek().Is("COLLATE"));
    }

    private static bool AreSafeModes(ReadOnlySpan<char> modes)
    {
        foreach (var mode in modes.Split(','))
        {
            if (!modes[mode].IsEmpty && !SafeModes.Contains(modes[mode]))
                return false;
        }

        return true;
    }

    private static bool Is(ReadOnlySpan<char> name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
