using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>The connection of a context, as the guard sees it.</summary>
internal interface IGuardedConnection
{
    /// <summary>Gets whether the connection is open on the replica, or on a mirror for a query.</summary>
    bool IsOnReplica { get; }

    /// <summary>Records a write that was allowed, for the session.</summary>
    void NoteWrite();

    /// <summary>
    /// Records that the primary refused a command because it is read-only. The error reaches the caller unchanged, so that the caller can catch or
    /// retry it by type and code.
    /// </summary>
    /// <param name="command">The command, if the guard may be called twice for it.</param>
    /// <param name="error">The primary's error.</param>
    void NotePrimaryRefusal(Guid? command, Exception error);

    /// <summary>Gets the connection of a context; null if it is not routed.</summary>
    static IGuardedConnection? Find(DbContext? context) =>
        ((IInfrastructure<IServiceProvider>?)context)?.Instance.GetService(typeof(IRelationalConnection)) as IGuardedConnection;
}
