using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>What SET and its kin may not do: let a read-only session write, or change the server. What they change of a session is its own.</summary>
/// <remarks>SET ROLE and SET SESSION AUTHORIZATION are allowed: row-level security lives on them, and no role makes a read-only session write.</remarks>
internal static class SessionSettings
{
    // Names that may only be turned on. With standard strings off, PostgreSQL would read later texts otherwise than the guard.
    private static readonly WordSet StayOn = new(
        "default_transaction_read_only transaction_read_only tx_read_only standard_conforming_strings");

    // MySQL: what reaches beyond the session.
    private static readonly WordSet OfServer = new("global persist persist_only password statement default resource");

    private static readonly WordSet TransactionModes = new(
        "work transaction tran isolation level serializable repeatable committed uncommitted read only not deferrable deferred with consistent snapshot");

    public static bool MustStayOn(ReadOnlySpan<char> name) => StayOn.Contains(name);

    public static bool IsOfServer(ReadOnlySpan<char> word) => OfServer.Contains(word);

    /// <summary>Whether the word may follow BEGIN and START. WRITE may not, nor SQLite's IMMEDIATE and EXCLUSIVE, which lock the database.</summary>
    public static bool IsTransactionMode(ReadOnlySpan<char> word) => TransactionModes.Contains(word);

    /// <summary>Whether <c>= on</c> or <c>TO on</c>, and nothing else, follows.</summary>
    public static bool IsTurnedOn(SqlTokenizer ahead)
    {
        var assignment = ahead.Next();
        var value = ahead.Next();
        var end = ahead.Next();
        return (assignment.Is('=') || assignment.Keyword == SqlKeyword.To)
            && (value.Is("on") || value.Is("true") || value.Is("1"))
            && (end.IsEnd || end.Is(','));
    }

    /// <summary>Whether a call of set_config names, in so many words, a setting that every query may change, such as the tenant of row-level security.</summary>
    public static bool IsHarmlessCall(SqlTokenizer ahead)
    {
        var name = ahead.Next();
        return name.Kind == SqlTokenKind.String && !name.Text.Contains('\\') && !MustStayOn(name.Text) && !ReadingSettings.IsEncoding(name.Text) && ahead.Next().Is(',');
    }
}
