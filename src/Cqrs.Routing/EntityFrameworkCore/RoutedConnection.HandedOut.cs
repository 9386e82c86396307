using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>An application that takes the bare connection may set it up: for whatever it calls the connection, it has two.</summary>
internal sealed partial class RoutedConnection
{
    // For the connections' lives: what is set up on them outlives a lease of a pooled context, as with EF alone.
    private bool _isPrimaryHandedOut;
    private bool _isReplicaHandedOut;

    private void NoteHandedOut(IRelationalConnection connection)
    {
        if (ReferenceEquals(connection, _replica.Connection))
            _replica.IsHandedOut = _isReplicaHandedOut = true;
        else
            _isPrimaryHandedOut = true;
        SetUp(connection);
    }

    // What the application may have set up on the other one.
    private void SetUp(IRelationalConnection connection)
    {
        if (_replica.Connection is not { } replica)
            return;
        if (ReferenceEquals(connection, replica))
        {
            if (_isPrimaryHandedOut)
                HandSetup.Copy(_primary.DbConnection, replica.DbConnection);
        }
        else if (_isReplicaHandedOut)
        {
            HandSetup.Copy(replica.DbConnection, _primary.DbConnection);
        }
    }
}
