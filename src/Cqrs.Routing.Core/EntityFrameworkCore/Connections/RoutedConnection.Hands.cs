using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>
/// Tells what EF does in order to run a command of LINQ from what the application does with the connection: nobody can tell what it sends there. A query is not run again after that, and outside
/// requests it counts as a command.
/// </summary>
internal sealed partial class RoutedConnection
{
    // EF runs a command of LINQ, and takes the bare connection for it: before it opens it, or afterwards.
    private bool _isEFs;

    // The same, and it is a query that EF is about to open the connection for.
    private bool _isReading;

    // The same, query or not.
    private bool _isOpening;

    // Whether what is opened next is opened by hand, or by EF in order to save.
    private bool _opensByHand;

    /// <summary>EF runs a command of LINQ on this connection.</summary>
    public void BeginCommand(IRelationalConnection connection, CommandSource source, bool reads)
    {
        // Statements that track have a connection of their own, which the application never sees.
        _isEFs = connection is not Tracking.TrackingStatements;
        _isReading = _isEFs && reads;
        _isOpening = _isEFs;
        // Raw SQL may call what writes.
        if (source != CommandSource.LinqQuery && RouteFrame.IsOutside(RouteFrame.Current))
            Writes.OnWrite();
    }

    private void NoteOpening()
    {
        if (!_isReading && RouteFrame.IsOutside(RouteFrame.Current))
            Writes.OpenedByHand();
        _opensByHand = !_isOpening;
        _isReading = false;
        _isOpening = false;
    }

    // Returns whether a query takes it. What is open already was opened by hand, and outside requests counted then, or by EF, which takes it more than once where somebody listens.
    private bool NoteTaken(RouteFrame? frame)
    {
        if (_isEFs || (_open.Any && !_open.IsByHand))
            return false;
        if (frame is { IsQuery: true })
            return true;

        if (RouteFrame.IsOutside(frame) && CurrentTransaction is null && !_open.Any)
            Writes.OnRawConnectionExposed();
        return false;
    }
}
