using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>Asks a server who it is.</summary>
/// <param name="Text">The command; null where there is none that every such database understands, so that opening a connection has to do.</param>
/// <param name="Read">Reads its one row.</param>
internal sealed record ServerIdentityQuery(string? Text, Func<DbDataReader, ServerIdentity> Read)
{
    /// <summary>For a database that does not tell.</summary>
    public static readonly ServerIdentityQuery None = new(null, static _ => ServerIdentity.Unknown);

    /// <summary>Whether the difference of two positions of such a database is a number of bytes.</summary>
    public bool CountsBytes { get; init; }

    public async Task<ServerIdentity> AskAsync(DbConnection connection, CancellationToken cancellationToken) => Text is null
        ? ServerIdentity.Unknown
        : await ServerQuery.ReadRowAsync(Text, connection, transaction: null, Read, static (read, row) => read(row), async: true, cancellationToken).ConfigureAwait(false) ?? ServerIdentity.Unknown;
}
