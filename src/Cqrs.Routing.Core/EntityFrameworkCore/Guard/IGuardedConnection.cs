using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>What the guard asks and tells the connection of a context.</summary>
internal interface IGuardedConnection
{
    /// <summary>Whether it is open on the replica, or on a mirror for a query.</summary>
    bool IsOnReplica { get; }

    /// <summary>Notes a write that was let through, for the session.</summary>
    void NoteWrite();

    /// <summary>Notes that the primary refused a command because it is read-only. The error goes to the caller as it is, who may catch or retry it by type and code.</summary>
    /// <param name="command">The command, if the guard may hear of it twice.</param>
    /// <param name="error">The primary's error.</param>
    void NotePrimaryRefusal(Guid? command, Exception error);

    /// <summary>Gets the connection of a context; null if it is not routed.</summary>
    static IGuardedConnection? Find(DbContext? context) =>
        ((IInfrastructure<IServiceProvider>?)context)?.Instance.GetService(typeof(IRelationalConnection)) as IGuardedConnection;
}
