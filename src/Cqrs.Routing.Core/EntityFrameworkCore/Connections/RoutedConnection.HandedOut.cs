using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>An application that takes the bare connection may set it up: for whatever it calls the connection, it has two.</summary>
internal sealed partial class RoutedConnection
{
    // For the connections' lives: what is set up on them outlives a lease of a pooled context, as with EF alone.
    private HandSetup? _ofPrimary;
    private HandSetup? _ofReplica;

    private void NoteHandedOut(IRelationalConnection connection)
    {
        if (ReferenceEquals(connection, _replica.Connection))
        {
            _replica.IsHandedOut = true;
            _ofReplica ??= new();
        }
        else
        {
            _ofPrimary ??= new();
        }

        SetUp(connection);
    }

    // What the application may have set up on the other one.
    private void SetUp(IRelationalConnection connection)
    {
        if (_replica.Connection is not { } replica)
            return;
        if (ReferenceEquals(connection, replica))
        {
            _ofPrimary?.Copy(_primary.DbConnection, replica.DbConnection, _ofReplica);
        }
        else
        {
            _ofReplica?.Copy(replica.DbConnection, _primary.DbConnection, _ofPrimary);
        }
    }
}
