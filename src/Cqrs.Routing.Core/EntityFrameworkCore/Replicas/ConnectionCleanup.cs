using System.Data;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>Undoes what EF has opened of a connection and could not finish: EF leaves it as it was when something threw.</summary>
/// <remarks>
/// EF counts no opening where an interceptor threw after the driver had opened, and one where a transaction could not begin; where the driver had it open before, one as well. Errors of undoing are
/// not thrown: the one that is on its way says more.
/// </remarks>
internal static class ConnectionCleanup
{
    /// <summary>Whether the driver has a connection open, to be asked before EF opens it.</summary>
    public static bool IsOpen(IRelationalConnection connection) => connection.DbConnection.State == ConnectionState.Open;

    /// <summary>Sets a connection back to what it was before EF opened it.</summary>
    /// <param name="connection">The connection of one server.</param>
    /// <param name="wasOpen">Whether <see cref="IsOpen"/> said so before.</param>
    /// <param name="async">Whether to wait for the driver asynchronously.</param>
    public static async ValueTask UndoAsync(IRelationalConnection connection, bool wasOpen, bool async)
    {
        await TryAsync(connection, async, static async (connection, async) =>
        {
            if (async)
                await connection.CloseAsync().ConfigureAwait(false);
            else
                connection.Close();
        }).ConfigureAwait(false);
        if (!wasOpen)
            await CloseAsync(connection, async).ConfigureAwait(false);
    }

    /// <summary>Closes a connection past EF, which has failed to close it, or does not know that it is open.</summary>
    public static ValueTask CloseAsync(IRelationalConnection connection, bool async) => TryAsync(connection, async, static async (connection, async) =>
    {
        var driver = connection.DbConnection;
        if (driver.State == ConnectionState.Closed)
            return;
        if (async)
            await driver.CloseAsync().ConfigureAwait(false);
        else
            driver.Close();
    });

    /// <summary>Disposes a connection. Where that throws, EF leaves the driver's open, and its pool would have lost it: it is closed then.</summary>
    public static void Dispose(IRelationalConnection connection)
    {
        try
        {
            connection.Dispose();
        }
        catch (Exception)
        {
            CloseAsync(connection, async: false).GetAwaiter().GetResult();
            throw;
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public static ValueTask DisposeAsync(IRelationalConnection connection)
    {
        var disposing = connection.DisposeAsync();
        return disposing.IsCompletedSuccessfully ? disposing : FinishDisposingAsync(connection, disposing);
    }

    /// <summary>Disposes a connection that EF could not reset, so that it makes itself a new one when it is used again.</summary>
    public static void Renew(IRelationalConnection connection) => TryAsync(connection, async: false, static (connection, _) =>
    {
        try
        {
            if (connection.CurrentTransaction is not null)
                connection.UseTransaction(null);
        }
        finally
        {
            Dispose(connection);
        }

        return ValueTask.CompletedTask;
    }).GetAwaiter().GetResult();

    private static async ValueTask FinishDisposingAsync(IRelationalConnection connection, ValueTask disposing)
    {
        try
        {
            await disposing.ConfigureAwait(false);
        }
        catch (Exception)
        {
            await CloseAsync(connection, async: true).ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask TryAsync(IRelationalConnection connection, bool async, Func<IRelationalConnection, bool, ValueTask> close)
    {
        try
        {
            await close(connection, async).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // See above.
        }
    }
}
