using System.Data;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>
/// Closes connections that EF Core could not finish opening or closing. EF Core leaves a connection as it is when an exception is thrown.
/// </summary>
/// <remarks>
/// EF Core does not count an opening if an interceptor threw after the driver had opened the connection. It does count an opening if a transaction
/// could not begin, or if the driver had the connection open before. Errors during cleanup are not thrown, because the original error says more.
/// </remarks>
internal static class ConnectionCleanup
{
    /// <summary>Returns whether the driver has a connection open. Must be called before EF Core opens the connection.</summary>
    public static bool IsOpen(IRelationalConnection connection) => connection.DbConnection.State == ConnectionState.Open;

    /// <summary>Restores the state that a connection had before EF Core opened it.</summary>
    /// <param name="connection">The connection of one server.</param>
    /// <param name="wasOpen">The result of <see cref="IsOpen"/> before the opening.</param>
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

    /// <summary>Closes a connection on the driver. For connections that EF Core failed to close, or does not know to be open.</summary>
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

    /// <summary>
    /// Disposes a connection. If that throws, EF Core leaves the driver's connection open and the pool would lose it, so it is closed.
    /// </summary>
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

    /// <summary>Disposes a connection that EF Core could not reset. EF Core creates a new one when the connection is used again.</summary>
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
            // The original error says more: see the remarks of the class.
        }
    }
}
