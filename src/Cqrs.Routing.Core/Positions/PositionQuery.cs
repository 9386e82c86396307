using System.Data.Common;

namespace Cqrs.Routing.Positions;

/// <summary>Runs a source's command, in one round trip.</summary>
internal static class PositionQuery
{
    /// <summary>In seconds. A position is read in about a millisecond; a server that needs this long is in no state to serve a query either.</summary>
    private const int Timeout = 2;

    private const string NoRow = "the command returned no position";

    /// <summary>On a connection of its own.</summary>
    public static async ValueTask<PositionResult> ReadAsync(
        IPositionSource source, string text, SideConnection connect, bool async, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await connect(async, cancellationToken).ConfigureAwait(false);
            if (!async)
            {
                using (connection)
                    return await ReadAsync(source, text, connection, null, async, cancellationToken).ConfigureAwait(false);
            }

            await using (connection.ConfigureAwait(false))
                return await ReadAsync(source, text, connection, null, async, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return PositionResult.Of(e);
        }
    }

    public static async ValueTask<PositionResult> ReadAsync(
        IPositionSource source, string text, DbConnection connection, DbTransaction? transaction, bool async, CancellationToken cancellationToken)
    {
        try
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
                    return Reading(source, reader, reader.Read());
                }
            }

            await using (command.ConfigureAwait(false))
            {
                var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                    return Reading(source, reader, await reader.ReadAsync(cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return PositionResult.Of(e);
        }
    }

    private static PositionResult Reading(IPositionSource source, DbDataReader reader, bool hasRow) =>
        hasRow && source.Read(reader) is { } position ? new(position, null) : new(null, NoRow);
}
