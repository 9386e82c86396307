using System.Data;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>
/// Closes, when a query ends, a connection that the query opened by hand and left open. Otherwise the next command would find its context on the
/// replica.
/// </summary>
internal sealed partial class RoutedConnection : IConnectionOpener
{
    void IConnectionOpener.CloseLeftOpen(RouteFrame query, int lease)
    {
        _openedBy = null;
        if (lease != _lease || !IsLeftOpen)
            return;

        if (query.Shadow is { } shadow)
            shadow.WouldClose();
        else if (CurrentTransaction is not null || _open.IsReading || TrackingStatements.Open > 0 || IsReading(_primary) || IsReading(_replica.Connection))
            Log.StillOpen(_report.Logger, query.RequestName, _report.ContextName);
        else
            CloseLeftOpen(query);
    }

    // A connection that was open before the query does not belong to the query.
    private void NoteOpener(RouteFrame? frame, bool wasOpen)
    {
        if (_openedBy is null && !wasOpen && !_open.Any && frame is { IsQuery: true })
            _openedBy = frame.OpensByHand(this, _lease);
    }

    private bool IsLeftOpen => _open.Any || (_selector.PrimaryUsed && IsDriverOpen(_primary)) || IsDriverOpen(_replica.Connection);

    private static bool IsDriverOpen(IRelationalConnection? connection) => connection is not null && connection.DbConnection.State != ConnectionState.Closed;

    private static bool IsReading(IRelationalConnection? connection) => connection is not null && ProviderResolver.IsReading(connection.DbConnection);

    private void CloseLeftOpen(RouteFrame query)
    {
        try
        {
            while (_open.Any)
                Close();
        }
        catch (Exception)
        {
            // The query has its result. A connection that EF Core cannot close is closed on the driver.
            _open.Clear();
        }

        if (_selector.PrimaryUsed)
            ConnectionCleanup.CloseAsync(_primary, async: false).GetAwaiter().GetResult();
        if (_replica.Connection is { } replica)
            ConnectionCleanup.CloseAsync(replica, async: false).GetAwaiter().GetResult();
        if (_report.Once(nameof(Log.LeftOpen) + query.RequestName))
            Log.LeftOpen(_report.Logger, query.RequestName, _report.ContextName);
    }
}
