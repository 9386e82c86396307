using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>Reads the identity of a server.</summary>
/// <param name="Text">The command; null if no command works on every such database. Opening a connection is then the only test.</param>
/// <param name="Read">Reads the row that the command returns.</param>
internal sealed record ServerIdentityQuery(string? Text, Func<DbDataReader, ServerIdentity> Read)
{
    /// <summary>The query for a database that reports no identity.</summary>
    public static readonly ServerIdentityQuery None = new(null, static _ => ServerIdentity.Unknown);

    /// <summary>Gets whether the difference of two positions of such a database is a number of bytes.</summary>
    public bool CountsBytes { get; init; }

    public async Task<ServerIdentity> AskAsync(DbConnection connection, CancellationToken cancellationToken) => Text is null
        ? ServerIdentity.Unknown
        : await ServerQuery.ReadRowAsync(Text, connection, transaction: null, Read, static (read, row) => read(row), async: true, cancellationToken).ConfigureAwait(false) ?? ServerIdentity.Unknown;
}
