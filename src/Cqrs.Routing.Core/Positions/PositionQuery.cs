using System.Data.Common;
using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Positions;

/// <summary>Runs the command of a position source, in one round trip.</summary>
internal static class PositionQuery
{
    private const string NoRow = "the command returned no position";

    /// <summary>Reads a position on a separate connection.</summary>
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
            return PositionResult.FromError(e);
        }
    }

    public static async ValueTask<PositionResult> ReadAsync(
        IPositionSource source, string text, DbConnection connection, DbTransaction? transaction, bool async, CancellationToken cancellationToken)
    {
        try
        {
            return await ServerQuery.ReadRowAsync(text, connection, transaction, source, static (source, row) => source.Read(row), async, cancellationToken).ConfigureAwait(false) is { } position
                ? new(position, null)
                : new(null, NoRow);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return PositionResult.FromError(e);
        }
    }
}
