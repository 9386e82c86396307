using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>Reads one row from a server, in addition to the application's commands: its position, its identity, or whether it answers.</summary>
internal static class ServerQuery
{
    /// <summary>The timeout in seconds. Such a row takes about a millisecond. A server that needs this long cannot serve a query either.</summary>
    public const int Timeout = 2;

    /// <summary>Runs a command and reads its first row, in one round trip.</summary>
    /// <param name="text">The command.</param>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">The transaction of the connection; null if there is none.</param>
    /// <param name="state">The state that is passed to <paramref name="read"/>.</param>
    /// <param name="read">Reads the row.</param>
    /// <param name="async">Whether to wait asynchronously.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The value that was read; the default if there was no row.</returns>
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
