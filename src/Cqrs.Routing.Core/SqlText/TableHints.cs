using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>SQL Server's table hints.</summary>
internal static class TableHints
{
    // What keeps a lock until the transaction ends, or keeps others out: it belongs on the primary, where they are.
    private static readonly WordSet Locking = new("UPDLOCK XLOCK TABLOCK TABLOCKX HOLDLOCK SERIALIZABLE");

    private static readonly WordSet Other = new(
        "FORCESCAN FORCESEEK INDEX NOEXPAND NOLOCK NOWAIT PAGLOCK READCOMMITTED READCOMMITTEDLOCK READPAST READUNCOMMITTED REPEATABLEREAD ROWLOCK SNAPSHOT");

    public static bool Contains(ReadOnlySpan<char> word) => IsLocking(word) || Other.Contains(word);

    public static bool IsLocking(ReadOnlySpan<char> word) => Locking.Contains(word);
}
