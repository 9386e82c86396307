using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>Asks a server for one row, beside what the application asks it: its position, its identity, whether it answers at all.</summary>
internal static class ServerQuery
{
    /// <summary>In seconds. Such a row is read in about a millisecond; a server that needs this long is in no state to serve a query either.</summary>
    public const int Timeout = 2;

    /// <summary>Runs a command and reads its first row, in one round trip.</summary>
    /// <param name="text">The command.</param>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">The transaction that it is in; null for none.</param>
    /// <param name="state">What <paramref name="read"/> needs besides the row.</param>
    /// <param name="read">Reads the row.</param>
    /// <param name="async">Whether to wait asynchronously.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What was read; the default if there was no row.</returns>
    public static async ValueTask<T?> ReadRowAsync<TState, T>(
        string text, DbConnection connection, DbTransaction? transaction, TState state, Func<TState, DbDataReader, T?> read, bool async, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = Timeout;
        command.Transaction = transaction;
        if (!async)
        {
            using (command)
            {
                using var reader = command.ExecuteReader();
                return reader.Read() ? read(state, reader) : default;
            }
        }

        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
                return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? read(state, reader) : default;
        }
    }
}
