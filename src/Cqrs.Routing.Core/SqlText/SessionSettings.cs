using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>Checks SET and similar statements. They may not make a read-only session writable or change the server. Other changes affect only the session and are allowed.</summary>
/// <remarks>SET ROLE and SET SESSION AUTHORIZATION are allowed: row-level security depends on them, and no role makes a read-only session writable.</remarks>
internal static class SessionSettings
{
    // Settings that may only be turned on. With standard strings off, PostgreSQL would read later texts differently from the guard.
    private static readonly WordSet StayOn = new(
        "default_transaction_read_only transaction_read_only tx_read_only standard_conforming_strings");

    // MySQL: settings that affect more than the session.
    private static readonly WordSet OfServer = new("global persist persist_only password statement default resource");

    private static readonly WordSet TransactionModes = new(
        "work transaction tran isolation level serializable repeatable committed uncommitted read only not deferrable deferred with consistent snapshot");

    public static bool MustStayOn(ReadOnlySpan<char> name) => StayOn.Contains(name);

    public static bool IsOfServer(ReadOnlySpan<char> word) => OfServer.Contains(word);

    /// <summary>Returns whether the word may follow BEGIN and START. WRITE may not, and neither may SQLite's IMMEDIATE and EXCLUSIVE, which lock the database.</summary>
    public static bool IsTransactionMode(ReadOnlySpan<char> word) => TransactionModes.Contains(word);

    /// <summary>Returns whether <c>= on</c> or <c>TO on</c> follows, and nothing else.</summary>
    public static bool IsTurnedOn(SqlTokenizer ahead)
    {
        var assignment = ahead.Next();
        var value = ahead.Next();
        var end = ahead.Next();
        return (assignment.Is('=') || assignment.Keyword == SqlKeyword.To)
            && (value.Is("on") || value.Is("true") || value.Is("1"))
            && (end.IsEnd || end.Is(','));
    }

    /// <summary>Returns whether the first argument of set_config is a literal with a setting that every query may change, such as the tenant of row-level security.</summary>
    public static bool IsHarmlessCall(SqlTokenizer ahead)
    {
        var name = ahead.Next();
        return name.Kind == SqlTokenKind.String && !name.Text.Contains('\\') && !MustStayOn(name.Text) && !ReadingSettings.IsEncoding(name.Text) && ahead.Next().Is(',');
    }
}
