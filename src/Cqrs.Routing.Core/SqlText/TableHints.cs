using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>Lists SQL Server's table hints.</summary>
internal static class TableHints
{
    // Hints that keep a lock until the transaction ends, or that keep other users out. They belong on the primary, where the other users are.
    private static readonly WordSet Locking = new("UPDLOCK XLOCK TABLOCK TABLOCKX HOLDLOCK SERIALIZABLE");

    private static readonly WordSet Other = new(
        "FORCESCAN FORCESEEK INDEX NOEXPAND NOLOCK NOWAIT PAGLOCK READCOMMITTED READCOMMITTEDLOCK READPAST READUNCOMMITTED REPEATABLEREAD ROWLOCK SNAPSHOT");

    public static bool Contains(ReadOnlySpan<char> word) => IsLocking(word) || Other.Contains(word);

    public static bool IsLocking(ReadOnlySpan<char> word) => Locking.Contains(word);
}
